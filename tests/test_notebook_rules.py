"""The rules that every stored notebook keeps, beyond what nbval compares.

A rule is a function of a notebook that yields one line for each offence. Each is applied to every notebook, and each is
shown a notebook that breaks it. `pytest tests/test_notebook_rules.py -k 03_` judges one chapter.
"""

import ast
import json
import re
from urllib.parse import unquote

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from test_architecture import LITTER, commented_out_code

from tools import ROOT, find_notebooks
from tools.address import colab_link, read_address
from tools.run_notebooks import CELL_METADATA, METADATA, as_text, normalised
from tools.setup_cell import setup_cell

EXEMPTING = {"nbval-skip", "nbval-ignore-output", "pytest-validate-ignore-output", "skip-execution"}
MARKER = re.compile(r"^\s*#+\s*(NBVAL_|PYTEST_VALIDATE_)\w+\s*$", re.MULTILINE)
NOISE = {
    "a progress bar": r"\btqdm\b|\bprogress_bar\(",
    "clear_output": r"\bclear_output\b",
    "output that moves": r"\bverbose\s*=\s*(1|2|True|[\"'])",
    "an installation": r"\bpip\s+install\b|\bpip\.main\b",
}
MACHINE_PATH = re.compile(r"(?<![\w./~-])/(home|root|Users|tmp|var|work|opt|usr|mnt|private|content)/\w|\b[A-Z]:\\+\w")
PARTS = ("What we know now", "Exercises", "Further reading")


class Book:
    """A stored notebook: its file, its cells, and where in the project it stands."""

    def __init__(self, path):
        self.path, self.text = path, path.read_text(encoding="utf-8")
        self.raw = json.loads(self.text)
        self.cells = [nbformat.from_dict(cell | {"source": "".join(cell["source"])}) for cell in self.raw["cells"]]
        self.code = [cell for cell in self.cells if cell.cell_type == "code"]
        self.prose = [cell.source for cell in self.cells if cell.cell_type == "markdown"]
        self.is_solution = path.parent.name == "solutions"
        self.is_chapter = not self.is_solution and path.name[0].isdigit()
        self.root = path.parents[2] if self.is_solution else path.parents[1]


def tags(cell):
    return set(cell.metadata.get("tags", []))


def is_compared(cell):
    return not tags(cell) & EXEMPTING and cell.execution_count is not None and not MARKER.search(cell.source)


def texts(outputs):
    """Every text of a cell's outputs that a person reads; no pictures."""
    for output in outputs:
        yield from (as_one(value) for kind, value in output.get("data", {}).items() if kind.startswith("text/"))
        yield from (as_one(output[key]) for key in ("text", "evalue", "traceback") if key in output)


def as_one(text):
    return text if isinstance(text, str) else "".join(text)


def without_fences(markdown):
    return re.sub(r"^(`{3,}|~{3,}).*?^\1", "", markdown, flags=re.DOTALL | re.MULTILINE)


def without_code(markdown):
    """Markdown without code and formulas, whose brackets mean something else."""
    return re.sub(r"`[^`\n]+`|\$\$.+?\$\$|\$[^$\n]+\$", "", without_fences(markdown), flags=re.DOTALL)


def headings(book):
    """(level, text) of every heading."""
    found = [re.match(r"(#{1,6})\s+(.+)", line) for source in book.prose for line in without_fences(source).split("\n")]
    return [(len(match[1]), match[2].strip()) for match in found if match]


def links(markdown):
    """Targets of links and pictures, in Markdown and in HTML."""
    text = without_code(markdown)
    return re.findall(r"\]\(<?([^)\s>]+)", text) + re.findall(r"""(?:src|href)=["']([^"']+)["']""", text)


def slug(heading):
    return re.sub(r"[^\w-]", "", heading.lower().replace(" ", "-"))


def slugs(book):
    return [slug(text) for _, text in headings(book)]


# The rules: what is stored

def runs_once_from_top_to_bottom(book):
    counts = [cell.execution_count for cell in book.code if "skip-execution" not in tags(cell)]
    if counts != list(range(1, len(counts) + 1)):
        yield f"counts {counts}"
    for cell in book.code:
        if "skip-execution" in tags(cell) and (cell.outputs or cell.execution_count is not None):
            yield f"not executed, yet stored with output: {cell.source}"


def writes_nothing_to_stderr(book):
    yield from (cell.source for cell in book.code for output in cell.outputs if output.get("name") == "stderr")


def stores_an_error_where_one_is_announced(book):
    for cell in book.code:
        fails = any(output.output_type == "error" for output in cell.outputs)
        if fails != ("raises-exception" in tags(cell)):
            yield f"{'an error' if fails else 'no error, though announced'}: {cell.source}"


SLIPS = ("SyntaxError", "IndentationError", "NameError", "ImportError", "ModuleNotFoundError")


def announces_no_slip_of_the_author(book):
    """A tag that expects an error would hide these: no lesson needs them."""
    for cell in book.code:
        for output in cell.outputs:
            if output.get("ename") in SLIPS:
                yield f"{output.ename}: {cell.source}"


def stores_its_pictures(book):
    for cell in book.code:
        pictures = sum("image/png" in output.get("data", {}) for output in cell.outputs)
        named = sum("<Figure" in text for text in texts(cell.outputs))
        shown = "skip-execution" not in tags(cell) and re.search(r"^plt\.show\(\)", cell.source, re.MULTILINE)
        if pictures < max(named, bool(shown)):
            yield f"no picture: {cell.source}"


def names_the_kernel_python3(book):
    if book.raw["metadata"].get("kernelspec", {}).get("name") != "python3":
        yield f"{book.raw['metadata'].get('kernelspec')}"


def carries_no_leftovers(book):
    if set(book.raw["metadata"]) != set(METADATA):
        yield f"metadata {sorted(book.raw['metadata'])}"
    for cell in book.cells:
        kinds = [kind for output in cell.get("outputs", []) for kind in output.get("data", {}) if "widget" in kind]
        if kinds or not set(cell.metadata) <= set(CELL_METADATA):
            yield f"{kinds or sorted(cell.metadata)}: {cell.source}"


def is_as_make_run_leaves_it(book):
    if as_text(normalised(nbformat.reads(book.text, as_version=4))) != book.text:
        yield "`make run` would store it in another form"


def is_valid_with_unique_ids(book):
    yield from (error.message for error in nbformat.validator.iter_validate(book.raw))
    ids = [cell.get("id") for cell in book.cells]
    yield from (f"id {name} stands twice" for name in set(ids) if ids.count(name) > 1)


def stays_small(book):
    size = len(book.text.encode())
    if size >= 500_000:
        yield f"{size} bytes"


# The rules: what is compared

def compares_nine_cells_in_ten(book):
    compared = sum(map(is_compared, book.code))
    if compared < 0.9 * len(book.code):
        yield f"{compared} of {len(book.code)} code cells"


def exempts_cells_by_tag_alone(book):
    yield from (cell.source for cell in book.code if MARKER.search(cell.source))


def gives_the_reason_of_an_exemption(book):
    for cell in book.code:
        if tags(cell) & EXEMPTING and len(str(cell.metadata.get("reason", "")).split()) < 3:
            yield f'metadata "reason" should say why this is not compared: {cell.source}'


def is_plain_and_quiet_python(book):
    for cell in book.code:
        try:
            ast.parse(cell.source)
        except SyntaxError:
            yield f"no plain Python (a magic?): {cell.source}"
        if "skip-execution" not in tags(cell):
            yield from (f"{name}: {cell.source}" for name, pattern in NOISE.items() if re.search(pattern, cell.source))


def holds_no_path_of_a_machine(book):
    written = [*[cell.source for cell in book.cells], *[text for cell in book.code for text in texts(cell.outputs)]]
    yield from (text[:200] for text in written if MACHINE_PATH.search(text))


def prints_no_address(book):
    printed = [text for cell in book.code for text in texts(cell.outputs)]
    yield from (text[:200] for text in printed if re.search(r"\b0x[0-9A-Fa-f]{6,}|ipykernel_\d", text))


# The rules: what is told

def has_one_title_and_no_jump(book):
    levels = [level for level, _ in headings(book)]
    if levels.count(1) != 1 or not book.cells[0].source.startswith("# "):
        yield f"one title expected, at the beginning: levels {levels}"
    yield from (f"from level {a} to {b}" for a, b in zip(levels, levels[1:], strict=False) if b > a + 1)


def begins_with_the_setup_cell(book):
    if not book.code or book.code[0].source != setup_cell(read_address(book.root)):
        yield "the first code cell is not tools/setup_cell.py's"


def has_the_parts_of_its_kind(book):
    text = "\n".join(book.prose)
    if book.is_chapter and not re.search(r"\?(\W|$)", book.cells[0].source):
        yield "the first cell asks no question"
    if not book.is_solution and "You will" not in text:
        yield "missing: You will"
    for part in PARTS if book.is_chapter else ():
        if not re.search(rf"^(#+|\*\*) *{part}", text, re.MULTILINE):
            yield f"missing: {part}"


def links_chapter_and_solutions(book):
    partner = f"../{book.path.name}" if book.is_solution else f"solutions/{book.path.name}"
    if (book.is_solution or book.is_chapter) and partner not in links("\n".join(book.prose)):
        yield f"no link to {partner}"


def describes_every_image(book):
    for source in book.prose:
        yield from (f"no alt text: {image}" for image in re.findall(r"!\[\s*\]\([^)]*\)", without_code(source)))
        for image in re.findall(r"<img\b[^>]*>", without_code(source)):
            if not re.search(r"""\balt=["'][^"']+["']""", image):
                yield f"no alt text: {image}"


def links_to_what_exists(book):
    for link in links("\n".join(book.prose)):
        name, _, anchor = unquote(link).partition("#")
        target = (book.path.parent / name) if name else book.path
        if re.match(r"[a-z]+:", link):
            continue                            # on the web
        if not target.exists():
            yield f"no such file: {link}"
        elif anchor and target.suffix == ".ipynb" and slug(anchor) not in slugs(Book(target)):
            yield f"no such heading: {link}"


def opens_itself_in_colab(book):
    link = colab_link(read_address(book.root), book.path.relative_to(book.root).as_posix())
    if link not in book.cells[0].source:
        yield f"the first cell has no link to {link}"


def keeps_to_its_length(book):
    n_words = sum(len(re.findall(r"\w+", source)) for source in book.prose)
    if n_words > 2500 or book.is_chapter and n_words < 700:
        yield f"{n_words} words"


def keeps_cells_short(book):
    yield from (cell.source for cell in book.code if len(cell.source.splitlines()) > 15)


def leaves_no_litter(book):
    if LITTER.search(book.path.name) or not re.fullmatch(r"(\d\d|A)_[a-z0-9_]+\.ipynb", book.path.name):
        yield f"a name that says nothing: {book.path.name}"
    yield from (text for cell in book.code for text in commented_out_code(cell.source))


RULES = [
    runs_once_from_top_to_bottom, writes_nothing_to_stderr, stores_an_error_where_one_is_announced,
    announces_no_slip_of_the_author, stores_its_pictures, names_the_kernel_python3, carries_no_leftovers,
    is_as_make_run_leaves_it, is_valid_with_unique_ids, stays_small, compares_nine_cells_in_ten,
    exempts_cells_by_tag_alone, gives_the_reason_of_an_exemption, is_plain_and_quiet_python,
    holds_no_path_of_a_machine, prints_no_address, has_one_title_and_no_jump, begins_with_the_setup_cell,
    has_the_parts_of_its_kind, links_chapter_and_solutions, describes_every_image, links_to_what_exists,
    opens_itself_in_colab, keeps_to_its_length, keeps_cells_short, leaves_no_litter,
]
NOTEBOOKS = [path.relative_to(ROOT).as_posix() for path in find_notebooks(ROOT / "notebooks")]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
@pytest.mark.parametrize("name", NOTEBOOKS)
def test_every_notebook_keeps_every_rule(name, rule):
    assert list(rule(Book(ROOT / name))) == []


# Each rule says no

@pytest.fixture
def shelf(tmp_path):
    """A project with one chapter, its solutions and a picture; returns how to put a text there as a notebook."""
    (tmp_path / "pyproject.toml").write_text('[project]\nurls.Repository = "https://github.com/owner/name"\n')
    (tmp_path / "notebooks/solutions").mkdir(parents=True)
    (tmp_path / "notebooks/circle.png").touch()

    def put(name, text):
        (tmp_path / "notebooks" / name).write_text(text, encoding="utf-8")
        return Book(tmp_path / "notebooks" / name)

    for name, text in GOOD.items():
        put(name, text)
    return put


def stored(*cells):
    """The text of a notebook that was run from top to bottom."""
    code = [cell for cell in cells if cell.cell_type == "code" and "skip-execution" not in tags(cell)]
    for n, cell in enumerate(code, start=1):
        cell.execution_count = n
    for n, cell in enumerate(cells, start=1):
        cell.id = f"cell-{n}"
    return as_text(normalised(new_notebook(cells=list(cells))))


def badge(file):
    return f"[Open in Colab]({colab_link('owner/name', f'notebooks/{file}')})"


FIGURE = {"text/plain": "<Figure size 600x340 with 1 Axes>", "image/png": "aGk="}
CHAPTER, SOLUTIONS = "98_circles.ipynb", "solutions/98_circles.ipynb"
GOOD = {
    CHAPTER: stored(
        new_markdown_cell(f"# 98. Circles\n\nHow round is it?\n\n{badge(CHAPTER)}"),
        new_markdown_cell("**You will** see, [below](#Exercises): ![A circle](circle.png)\n\n" + "word " * 700),
        new_code_cell(setup_cell("owner/name")),
        new_code_cell("print(3.1416)     # half a turn", outputs=[new_output("stream", text="3.1416\n")]),
        new_code_cell("plt.plot(x)\nplt.show()", outputs=[new_output("display_data", FIGURE)]),
        new_code_cell("1 / 0", metadata={"tags": ["raises-exception"]},
                      outputs=[new_output("error", ename="ValueError", evalue="nought")]),
        *[new_code_cell(f"assert x > {n}") for n in range(6)],
        new_code_cell("slider()", metadata={"tags": ["skip-execution", "nbval-skip"], "reason": "the mouse moves it"}),
        new_markdown_cell(f"## What we know now\n\n## Exercises\n\n[Solved]({SOLUTIONS})\n\n## Further reading"),
    ),
    SOLUTIONS: stored(
        new_markdown_cell(f"# 98. Circles: solutions\n\n{badge(SOLUTIONS)}"),
        new_markdown_cell("To [the chapter](../98_circles.ipynb): ![A circle](../circle.png)"),
        new_code_cell(setup_cell("owner/name")),
    ),
}
CELL = '"assert x > 0"'
BAD = {                                         # rule: what to change in the chapter's text into what
    runs_once_from_top_to_bottom: [
        ('"execution_count": 2', '"execution_count": 3'), ('"execution_count": 2', '"execution_count": null'),
        ('"execution_count": null', '"execution_count": 11'),
    ],
    writes_nothing_to_stderr: [('"name": "stdout"', '"name": "stderr"')],
    stores_an_error_where_one_is_announced: [
        ('"raises-exception"', '"announced"'), ('"output_type": "error"', '"output_type": "stream"'),
    ],
    announces_no_slip_of_the_author: [('"ename": "ValueError"', '"ename": "NameError"')],
    stores_its_pictures: [('"image/png"', '"image/svg+xml"'), (CELL, '"plt.show()"')],
    names_the_kernel_python3: [('"name": "python3"', '"name": "my-venv"')],
    carries_no_leftovers: [
        ('"language_info": {', '"widgets": {}, "language_info": {'), ('"reason"', '"execution": {}, "reason"'),
        ('"image/png"', '"application/vnd.jupyter.widget-view+json"'),
    ],
    is_as_make_run_leaves_it: [('"nbformat": 4', '"nbformat":  4'), ('"reason"', '"collapsed": true, "reason"')],
    is_valid_with_unique_ids: [('"id": "cell-2"', '"id": "cell-1"'), ('"id": "cell-2"', '"id": "cell 2"')],
    stays_small: [("word ", "word " * 100_000)],
    compares_nine_cells_in_ten: [
        ('"raises-exception"', '"nbval-ignore-output"'), ('"raises-exception"', '"nbval-skip"'),
        ('"execution_count": 2', '"execution_count": null'), (CELL, r'"#NBVAL_IGNORE_OUTPUT\n", ' + CELL),
    ],
    exempts_cells_by_tag_alone: [(CELL, r'"# NBVAL_SKIP\n", ' + CELL)],
    gives_the_reason_of_an_exemption: [("the mouse moves it", "it moves"), ('"reason"', '"because"')],
    is_plain_and_quiet_python: [
        (CELL, f'"{noise}"') for noise in (
            "%matplotlib inline", "!ls", "%run 97_squares.ipynb", "x?", "for i in tqdm(x): x[i]", "progress_bar(3)",
            "clear_output()", "fit(x, verbose=1)", "fit(x, verbose = 'auto')", "os.system('pip install numpy')",
        )
    ],
    holds_no_path_of_a_machine: [
        (CELL, '"open(\'/home/me/x.csv\')"'), (CELL, r'"open(\"C:\\\\data\\\\x.csv\")"'),
        (r'"3.1416\n"', '"File /root/x.py"'), ('"nought"', '"no file /tmp/x"'), ("word ", "see /content/x "),
    ],
    prints_no_address: [("3.1416\\n", "<object at 0x7f2a4c0d1e10>"), ("nought", "line 1 of ipykernel_4711")],
    has_one_title_and_no_jump: [
        ("# 98. Circles", "## 98. Circles"), ("## Exercises", "# Exercises"), ("## Exercises", "#### Exercises"),
    ],
    begins_with_the_setup_cell: [
        ("sys.path.insert(0, root)", "sys.path.append(root)"), ("https://github.com/owner/name", "https://github.com/owner/fork"),
    ],
    has_the_parts_of_its_kind: [
        ("round is it?", "round it is!"), ("You will", "We"), ("What we know now", "So"), ("## Exercises", "## Tasks"),
        ("Further reading", "Books"),
    ],
    links_chapter_and_solutions: [(SOLUTIONS, "97_squares.ipynb")],
    describes_every_image: [("![A circle]", "![]"), ("![A circle](circle.png)", "<img src='circle.png'>")],
    links_to_what_exists: [
        ("(circle.png)", "(square.png)"), ("(#Exercises)", "(#Tasks)"),
        (SOLUTIONS, f"{SOLUTIONS}#Tasks"), (SOLUTIONS, "97_squares.ipynb"),
    ],
    opens_itself_in_colab: [("notebooks/98_circles", "notebooks/97_squares"), ("github/owner", "github/other")],
    keeps_to_its_length: [("word " * 500, ""), ("word ", "word " * 1800)],
    keeps_cells_short: [(CELL, r'"x\n", ' * 15 + CELL)],
    leaves_no_litter: [(CELL, '"# print(x)"'), (CELL, '"# import keras"')],
}
BAD_SOLUTIONS = [
    (links_chapter_and_solutions, "../98_circles.ipynb", "98_circles.ipynb"),
    (links_to_what_exists, "../circle.png", "circle.png"),
    (opens_itself_in_colab, "notebooks/solutions/", "notebooks/"),
    (has_one_title_and_no_jump, "# 98. ", "98. "),
]


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.__name__)
def test_a_good_notebook_keeps_the_rule(shelf, rule, name):
    assert list(rule(shelf(name, GOOD[name]))) == []


def test_every_rule_is_shown_a_notebook_that_breaks_it():
    assert set(BAD) == set(RULES)


@pytest.mark.filterwarnings("ignore::UserWarning")      # nbformat remarks on what is bad here
@pytest.mark.parametrize(("rule", "name", "good", "bad"), [
    *[(rule, CHAPTER, *change) for rule, changes in BAD.items() for change in changes],
    *[(rule, SOLUTIONS, *change) for rule, *change in BAD_SOLUTIONS],
], ids=lambda value: getattr(value, "__name__", str(value)[:30]))
def test_a_bad_notebook_breaks_the_rule(shelf, rule, name, good, bad):
    assert good in GOOD[name]
    assert list(rule(shelf(name, GOOD[name].replace(good, bad, 1))))


@pytest.mark.parametrize("name", ["Untitled.ipynb", "98_circles_v1.ipynb", "circles.ipynb", "98_circles-Copy1.ipynb"])
def test_a_name_that_says_nothing_breaks_the_rule(shelf, name):
    assert list(leaves_no_litter(shelf(name, GOOD[CHAPTER])))


# The lists of chapters

def index_offences(path, folder):
    """Chapters that the list in `path` lacks, and links to chapters that do not exist."""
    chapters = {file.resolve() for file in folder.glob("*.ipynb")}
    if not chapters:
        return []
    if not path.exists():
        return [f"no {path.name} although there are chapters"]
    targets = [(path.parent / link).resolve() for link in links(path.read_text(encoding="utf-8")) if ":" not in link]
    listed = {file for file in targets if file.parent == folder.resolve() and file.suffix == ".ipynb"}
    return sorted(f"{'not listed' if file in chapters else 'no such file'}: {file.name}" for file in chapters ^ listed)


@pytest.mark.parametrize("file", ["README.md", "notebooks/README.md"])
def test_the_list_of_chapters_agrees_with_the_files(file):
    assert index_offences(ROOT / file, ROOT / "notebooks") == []


def test_a_list_of_chapters_without_one_or_with_one_too_many_is_refused(shelf, tmp_path):
    index = tmp_path / "README.md"
    assert index_offences(index, tmp_path / "notebooks") == ["no README.md although there are chapters"]
    index.write_text("[Circles](notebooks/98_circles.ipynb)")
    assert index_offences(index, tmp_path / "notebooks") == []
    index.write_text("[Squares](notebooks/97_squares.ipynb)")
    offences = ["no such file: 97_squares.ipynb", "not listed: 98_circles.ipynb"]
    assert index_offences(index, tmp_path / "notebooks") == offences


# The pages beside the chapters

PAGES = [path.relative_to(ROOT).as_posix() for pattern in ("*.md", "data/**/*.md", "notebooks/**/*.md")
         for path in sorted(ROOT.glob(pattern))]


def page_slugs(path):
    return [slug(text) for text in re.findall(r"(?m)^#{1,6}\s+(.+)$", without_fences(path.read_text(encoding="utf-8")))]


def dead_links(path):
    """Links of a page to files or headings that do not exist; those on the web are not looked up."""
    for link in links(path.read_text(encoding="utf-8")):
        name, _, anchor = unquote(link).partition("#")
        target = (path.parent / name) if name else path
        if not re.match(r"[a-z]+:", link) and not target.exists():
            yield f"no such file: {link}"
        elif anchor and target.suffix == ".md" and slug(anchor) not in page_slugs(target):
            yield f"no such heading: {link}"


@pytest.mark.parametrize("page", PAGES)
def test_links_of_a_page_lead_somewhere(page):
    assert list(dead_links(ROOT / page)) == []


def test_links_of_a_page_that_lead_nowhere_are_found(tmp_path):
    (tmp_path / "other.md").write_text("# A heading, with a comma\n")
    page = tmp_path / "page.md"
    page.write_text("## Here\n[a](#here) [b](other.md#a-heading-with-a-comma)\n[c](https://a.org/#x) [d](other.md)\n")
    assert list(dead_links(page)) == []
    page.write_text("[a](#there) [b](other.md#b) ![c](nothing.png)\n")
    assert list(dead_links(page)) == [
        "no such heading: #there", "no such heading: other.md#b", "no such file: nothing.png"]
