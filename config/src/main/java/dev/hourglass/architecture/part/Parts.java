package dev.hourglass.architecture.part;

import dev.hourglass.architecture.part.activation.Activation;
import dev.hourglass.architecture.part.norm.Norm;
import dev.hourglass.architecture.part.position.Positions;
import dev.hourglass.architecture.part.skip.Skip;
import dev.hourglass.json.JsonSection;
import java.util.List;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/**
 * The parts that a model has in common at all its levels.
 *
 * @param norm before every block of a layer
 * @param activation of every feed-forward block, those of the mapping network too
 * @param positions of tokens, or of queries and keys
 * @param skip from the down path to the up path
 * @param biases of linear layers
 * @param bottleneck between pixels and tokens
 */
public record Parts(
    Norm norm,
    Activation activation,
    Positions positions,
    Skip skip,
    Biases biases,
    PatchBottleneck bottleneck) {

  /** The paper's. */
  public static final Parts PAPER =
      new Parts(
          Catalog.NORMS.byDefault(),
          Catalog.ACTIVATIONS.byDefault(),
          Catalog.POSITIONS.byDefault(),
          Catalog.SKIPS.byDefault(),
          Biases.NONE,
          PatchBottleneck.NONE);

  private static final List<Choice<?>> CHOICES =
      List.of(Catalog.NORMS, Catalog.ACTIVATIONS, Catalog.POSITIONS, Catalog.SKIPS);

  /** The keys that {@link #read} reads. */
  public static Stream<String> keys() {
    Stream<String> choices = CHOICES.stream().map(Choice::key);
    return Stream.of(choices, Biases.KEYS.stream(), Stream.of(PatchBottleneck.KEY))
        .flatMap(keys -> keys);
  }

  /** Those that the section names, and the paper's for all else. */
  public static Parts read(JsonSection section) {
    return new Parts(
        Catalog.NORMS.read(section),
        Catalog.ACTIVATIONS.read(section),
        Catalog.POSITIONS.read(section),
        Catalog.SKIPS.read(section),
        Biases.read(section),
        PatchBottleneck.read(section));
  }

  /** Names those that are not the paper's. */
  public void write(ObjectNode section) {
    Catalog.NORMS.write(section, norm);
    Catalog.ACTIVATIONS.write(section, activation);
    Catalog.POSITIONS.write(section, positions);
    Catalog.SKIPS.write(section, skip);
    biases.write(section);
    bottleneck.write(section);
  }
}
