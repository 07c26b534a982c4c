package dev.hourglass.study.plan;

import java.util.List;

/** The keys of a study file. */
final class StudyKeys {

  /** What an overlay may change. */
  static final List<String> OVERLAY =
      List.of(
          "model",
          "dataset",
          "optimizer",
          "lr_sched",
          "ema_sched",
          "batch_size",
          "accumulate",
          "lr");

  static final List<String> STUDY =
      List.of(
          "name",
          "base",
          "data",
          Validation.KEY,
          "budget",
          "batch_size",
          "accumulate",
          "lr",
          "precision",
          "seeds",
          "metrics",
          "samples",
          Evaluation.KEY,
          "baseline",
          "variants",
          "grids",
          "keep");

  private StudyKeys() {}
}
