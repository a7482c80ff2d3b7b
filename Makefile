# make lab     open JupyterLab on the first chapter          make run    execute the notebooks and store what they print
# make test    every test, every notebook                    make fresh NB=03    a new copy of chapter 03 in workbook/
# make lint    style and spelling                            make bench  training speed: ours, Keras, PyTorch, the limit
# make studies measure the long studies again                make address TO=owner/name    move badges and set-up cells
# make test-keras-3.10   the notebooks' assertions with the oldest Keras that is supported         make clean
#
# Each makes .venv first when it is missing. On Windows see the plain commands in README.md.

SUITABLE := import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))
PYTHON ?= $(shell for python in python3 python3.13 python3.12 python3.11 python; do \
	if $$python -c '$(SUITABLE)' 2>/dev/null; then echo $$python; exit; fi; done; echo python3)
BIN := .venv/bin
OLD := .venv-keras-3.10

.PHONY: lab test run fresh lint bench studies address test-keras-3.10 clean

lab: .venv/installed
	$(BIN)/python -m tools.workbook
	JUPYTER_PREFER_ENV_PATH=1 $(BIN)/jupyter lab $(shell [ "$$(id -u)" = 0 ] && echo --allow-root) --LabApp.default_url=/lab/tree/workbook/00_start_here.ipynb $(ARGS)

test: .venv/installed
	$(BIN)/pytest --nbval -n 2

run: .venv/installed
	$(BIN)/python -m tools.run_notebooks $(NB)

fresh: .venv/installed
	$(BIN)/python -m tools.workbook fresh $(NB)

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/python -m tools.spelling

bench: .venv/installed
	$(BIN)/python -m benchmarks.training_speed $(ARGS)

studies: .venv/installed
	for study in benchmarks/study_*.py; do $(BIN)/python $$study || exit 1; done

address: .venv/installed
	$(BIN)/python -m tools.address $(TO)

test-keras-3.10: $(OLD)/installed
	$(OLD)/bin/pytest --nbval-lax notebooks tests/test_keras_*.py

clean:
	rm -rf .venv $(OLD) .pytest_cache .ruff_cache .hypothesis build *.egg-info
	find utils tests tools benchmarks -name __pycache__ -type d -prune -exec rm -rf {} +

# The mark is written last: an installation that was cut off is taken up again by the next make.
.venv/installed: requirements.txt constraints.txt
	@$(PYTHON) -c '$(SUITABLE)' || { echo "Python 3.11, 3.12 or 3.13 is needed: '$(PYTHON)' is $$($(PYTHON) --version 2>&1). \
	Install one of them, or name it: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "$(PYTHON) lacks the module venv. On Debian and Ubuntu: \
	sudo apt install $$($(PYTHON) -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')"; exit 1; }
	$(PYTHON) -m venv .venv
	env -u PYTHONDONTWRITEBYTECODE $(BIN)/pip install --quiet --disable-pip-version-check -r requirements.txt -c constraints.txt
	@touch $@

$(OLD)/installed: .venv/installed
	$(BIN)/python -m venv $(OLD)
	sed -e '/^tensorflow==/d' -e '/^keras==/d' requirements.txt > $(OLD)/requirements.txt
	sed -e '/^tensorflow==/d' -e '/^keras==/d' -e '/^ml.dtypes==/d' -e '/^protobuf==/d' constraints.txt > $(OLD)/constraints.txt
	cd $(OLD) && env -u PYTHONDONTWRITEBYTECODE bin/pip install --quiet --disable-pip-version-check tensorflow==2.20.0 keras==3.10.0 \
	$$(grep -E '^(numpy|pandas|matplotlib|scikit-learn|tqdm|pytest|nbval|nbclient|nbformat|hypothesis|optuna|pytest-xdist)==' requirements.txt) \
	ipykernel -c constraints.txt
	@touch $@
