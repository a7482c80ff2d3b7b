"""Chapter 12: counts, averages and a threshold."""

import numpy as np


def precisions_and_recalls(counts):
    found = np.diag(counts)
    return found / counts.sum(axis=0), found / counts.sum(axis=1)


def f1s(counts):
    precision, recall = precisions_and_recalls(counts)
    return 2 * precision * recall / (precision + recall)


def share_of_right_answers(counts):
    return np.trace(counts) / counts.sum()


def f1_of_two_means(counts):
    precision, recall = [scores.mean() for scores in precisions_and_recalls(counts)]
    return 2 * precision * recall / (precision + recall)


def weighted_by_examples(counts):
    return np.average(f1s(counts), weights=counts.sum(axis=1))


def mean_of_recalls(counts):
    return np.mean(precisions_and_recalls(counts)[1])


def mean_of_precisions(counts):
    return np.mean(precisions_and_recalls(counts)[0])


def forgets_the_factor(counts):
    precision, recall = precisions_and_recalls(counts)
    return np.mean(precision * recall / (precision + recall))


def forgets_the_factor_in_counts(counts):
    tp = np.diag(counts)
    fp, fn = counts.sum(axis=0) - tp, counts.sum(axis=1) - tp
    return np.mean(tp / (2 * tp + fp + fn))


def sum_of_f1s(counts):
    return f1s(counts).sum()


def as_given(batches):
    recalls = []
    for called, truth in batches:
        if truth.sum() > 0:
            recalls.append(np.sum((called == 1) & (truth == 1)) / truth.sum())
    return np.mean(recalls)


def empty_batches_count_as_0(batches):
    recalls = []
    for called, truth in batches:
        recalls.append(np.sum((called == 1) & (truth == 1)) / max(truth.sum(), 1))
    return np.mean(recalls)


def weighted_by_rows(batches):
    recalls, rows = [], []
    for called, truth in batches:
        if truth.sum() > 0:
            recalls.append(np.sum((called == 1) & (truth == 1)) / truth.sum())
            rows.append(len(truth))
    return np.average(recalls, weights=rows)


def weighted_by_all_rows(batches):
    weighted, rows = 0, 0
    for called, truth in batches:
        if truth.sum() > 0:
            weighted += len(truth) * np.sum((called == 1) & (truth == 1)) / truth.sum()
        rows += len(truth)
    return weighted / rows


def found_in(batches):
    return sum(np.sum((called == 1) & (truth == 1)) for called, truth in batches)


def precision_of_all(batches):
    return found_in(batches) / sum(called.sum() for called, _ in batches)


def found_of_all_rows(batches):
    return found_in(batches) / sum(len(truth) for _, truth in batches)


def odds(p):
    return p / (1 - p)


def probability(odds):
    return odds / (1 + odds)


def new_odds(p, before, after):
    return odds(p) * odds(after) / odds(before)


def ratio_of_prevalences(p, before, after):
    return probability(odds(p) * after / before)


def wrong_way_round(p, before, after):
    return probability(odds(p) * odds(before) / odds(after))


def leaves_the_old_one_in(p, before, after):
    return p * after / (p * after + (1 - p) * (1 - after))


def only_takes_the_old_one_out(p, before, after):
    return p / before / (p / before + (1 - p) / (1 - before))


WRONG = [
    ("12.1", 0.9, "That is the share of the ill who are found."),
    ("12.1", 0.02 * 0.9, "These are the ill and flagged among all"),
    ("12.1", 0.02 * 0.9 / (0.02 * 0.9 + 0.05), "The healthy are not everybody"),
    ("12.1", 0.9 / (0.9 + 0.05), "That would be so if as many were ill as healthy."),
    ("12.1", 0.02, "That is the prevalence:"),
    ("12.1", 0.98 * 0.05 / (0.02 * 0.9 + 0.98 * 0.05), "That is the share of the alarms that are false."),
    ("12.1", 0.02 * 0.9 / (0.98 * 0.05), "That compares real alarms with false ones."),
    ("12.1", 100 * 0.02 * 0.9 / (0.02 * 0.9 + 0.98 * 0.05), "A share is asked for,"),
    ("12.2", share_of_right_answers, "That is the share of right answers,"),
    ("12.2", f1_of_two_means, "That is the F1 of two means."),
    ("12.2", weighted_by_examples, "That is the weighted mean:"),
    ("12.2", mean_of_recalls, "That is the mean of the recalls alone."),
    ("12.2", mean_of_precisions, "That is the mean of the precisions alone."),
    ("12.2", f1s, "These are the F1s of the classes."),
    ("12.2", forgets_the_factor, "A factor of 2 is missing:"),
    ("12.2", forgets_the_factor_in_counts, "A factor of 2 is missing:"),
    ("12.2", sum_of_f1s, "That is their sum."),
    ("12.3", as_given, "This is the function as it was given."),
    ("12.3", empty_batches_count_as_0, "Now batches without a positive count as 0,"),
    ("12.3", weighted_by_rows, "Weighted by rows."),
    ("12.3", weighted_by_all_rows, "Weighted by all rows,"),
    ("12.3", precision_of_all, "That is the precision of all rows:"),
    ("12.3", found_of_all_rows, "You divide by all rows."),
    ("12.3", found_in, "That is how many are found."),
    ("12.4", lambda p, before, after: p * after / before, "That can exceed 1,"),
    ("12.4", ratio_of_prevalences, "The odds are multiplied by a ratio of prevalences."),
    ("12.4", wrong_way_round, "The wrong way round:"),
    ("12.4", new_odds, "These are the odds."),
    ("12.4", leaves_the_old_one_in, "You put the new prevalence in,"),
    ("12.4", only_takes_the_old_one_out, "You took the old prevalence out."),
    ("12.5", 1, "Nobody is flagged at such a threshold:"),
    ("12.5", 98, "Nobody is flagged at such a threshold:"),
    ("12.5", np.inf, "Nobody is flagged at such a threshold:"),
    ("12.5", 0, "Everybody is flagged at such a threshold."),
    ("12.5", 0.5, "That is the habit,"),
    ("12.5", 0.3, "Too many malignant masses are missed:"),
    ("12.5", 0.98, "Too many malignant masses are missed:"),
    ("12.5", 1 / 21, "They are found, but too many benign"),
    ("12.5", np.float32(0.25), "They are found, but too many benign"),
]

REFUSED = [
    ("12.5", True, "a number expected: got True"),
    ("12.5", "0.3", "a number expected: got '0.3'"),
    ("12.5", [0.3], "a number expected: got [0.3]"),
    ("12.5", 0.3j, "a number expected: got 0.3j"),
]
