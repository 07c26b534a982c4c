package dev.hourglass.config;

import dev.hourglass.core.InputException;
import dev.hourglass.json.JsonSection;
import dev.hourglass.json.JsonText;
import dev.hourglass.json.Require;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The moving averages of the weights that training keeps (key {@code ema_sched}). */
public sealed interface EmaSchedule {

  /** The path of the section, for messages. */
  String PATH = "ema_sched.";

  double DEFAULT_POWER = 0.6667;
  double DEFAULT_MAX_VALUE = 0.9999;

  /** The lengths that Karras et al. (2024) track. */
  List<Double> DEFAULT_SIGMA_RELS = List.of(0.05, 0.1);

  /** How many averages there are. */
  int averages();

  /**
   * What each average keeps after the optimiser step {@code step}, counted from 0 where the
   * averages began: {@code average = decay * average + (1 - decay) * weights}. The first is that of
   * the average with which images are drawn.
   */
  double[] decays(long step);

  /**
   * One exponential average with inverse warm-up: its decay is {@code min(maxValue, 1 - (1 +
   * step)^-power)}.
   *
   * @param power positive; 2/3 reaches 0.9999 after a million steps, 3/4 after 215 thousand
   * @param maxValue largest decay, in [0, 1]
   */
  record Inverse(double power, double maxValue) implements EmaSchedule {

    /** Checks the ranges above. */
    public Inverse {
      Require.positive(PATH + "power", power);
      Require.probability(PATH + "max_value", maxValue);
    }

    @Override
    public int averages() {
      return 1;
    }

    @Override
    public double[] decays(long step) {
      return new double[] {Math.min(maxValue, 1 - Math.pow(1.0 + step, -power))};
    }
  }

  /**
   * Power-function averages of several lengths, with snapshots of which averages of any other
   * length are made after training (Karras et al. 2024, section 3).
   *
   * @param sigmaRels the lengths ({@link PowerAverage}), each once; sorted, shortest first
   * @param snapshotEvery optimiser steps between snapshots, 1 or more
   */
  record Power(List<Double> sigmaRels, int snapshotEvery) implements EmaSchedule {

    /** Checks the ranges above. */
    public Power {
      String path = PATH + "sigma_rels";
      if (sigmaRels.isEmpty()) {
        throw new InputException(path + " is empty; give lengths such as [0.05, 0.1].");
      }
      for (int i = 0; i < sigmaRels.size(); i++) {
        double sigmaRel = sigmaRels.get(i);
        PowerAverage.requireSigmaRel("%s[%d]".formatted(path, i), sigmaRel);
        if (sigmaRels.indexOf(sigmaRel) < i) {
          throw new InputException(
              "%s has %s twice; keep one of them.".formatted(path, JsonText.number(sigmaRel)));
        }
      }
      if (snapshotEvery < 1) {
        throw new InputException(
            "%ssnapshot_every is %d; give a number of steps, 1 or more."
                .formatted(PATH, snapshotEvery));
      }
      sigmaRels = sigmaRels.stream().sorted().toList();
    }

    @Override
    public int averages() {
      return sigmaRels.size();
    }

    @Override
    public double[] decays(long step) {
      return sigmaRels.stream()
          .mapToDouble(sigmaRel -> new PowerAverage(sigmaRel).decay(step + 1))
          .toArray();
    }

    /** Whether the averages are put down after this optimiser step, counted from 1. */
    public boolean snapshotAt(long step) {
      return step % snapshotEvery == 0;
    }
  }

  /** The schedule of a config that names none. */
  static EmaSchedule defaults() {
    return new Inverse(DEFAULT_POWER, DEFAULT_MAX_VALUE);
  }

  /** That of the section {@code ema_sched}. */
  static EmaSchedule read(JsonSection section) {
    if (section.oneOf("type", List.of("inverse", "power"), "inverse").equals("power")) {
      section.allow(List.of("type", "sigma_rels", "snapshot_every"));
      return new Power(
          section.has("sigma_rels") ? section.numbers("sigma_rels") : DEFAULT_SIGMA_RELS,
          section.integer("snapshot_every"));
    }
    section.allow(List.of("type", "power", "max_value"));
    return new Inverse(
        section.number("power", DEFAULT_POWER), section.number("max_value", DEFAULT_MAX_VALUE));
  }

  /** The section {@code ema_sched}, every default spelled out. */
  default ObjectNode write() {
    ObjectNode node = JsonNodeFactory.instance.objectNode();
    switch (this) {
      case Inverse(double power, double maxValue) -> {
        node.put("type", "inverse");
        node.set("power", JsonText.numberNode(power));
        node.set("max_value", JsonText.numberNode(maxValue));
      }
      case Power(List<Double> sigmaRels, int snapshotEvery) -> {
        node.put("type", "power");
        ArrayNode lengths = node.putArray("sigma_rels");
        sigmaRels.forEach(sigmaRel -> lengths.add(JsonText.numberNode(sigmaRel)));
        node.put("snapshot_every", snapshotEvery);
      }
    }
    return node;
  }
}
