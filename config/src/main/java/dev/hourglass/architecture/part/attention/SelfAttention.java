package dev.hourglass.architecture.part.attention;

import dev.hourglass.architecture.part.position.Positions;
import dev.hourglass.architecture.primitive.AttentionPattern;
import dev.hourglass.architecture.primitive.Named;
import dev.hourglass.core.InputException;
import dev.hourglass.json.JsonSection;
import dev.hourglass.json.Require;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * How the tokens of one level look at each other (section "Attention" of the paper, key {@code
 * self_attns}). Heads of a level number {@code width / dHead}.
 */
public interface SelfAttention extends Named {

  int DEFAULT_D_HEAD = 64;
  int DEFAULT_KERNEL_SIZE = 7;

  /**
   * A kind of attention in the config file.
   *
   * @param keys its numbers
   * @param reader reads them
   */
  record Form(String name, List<String> keys, Function<JsonSection, SelfAttention> reader) {}

  /** The object of the config file. */
  default ObjectNode write() {
    ObjectNode node = JsonNodeFactory.instance.objectNode().put("type", name());
    writeNumbers(node);
    return node;
  }

  /** Adds the kind's numbers to the object of the config file. */
  void writeNumbers(ObjectNode node);

  /** The kind and the size of what a query sees, for people. */
  default String describe() {
    return name();
  }

  /** Channels of a head, 0 without attention. */
  int dHead();

  /** Attention heads of a layer of that width, 0 without attention. */
  default int heads(int width) {
    return dHead() == 0 ? 0 : width / dHead();
  }

  /**
   * What the queries of a layer see, where they see tokens; else nothing.
   *
   * @param layer counts the level's layers, down and then up
   */
  default Optional<AttentionPattern> pattern(int layer) {
    return Optional.empty();
  }

  /**
   * What a layer computes of queries, keys and values; nothing without attention.
   *
   * @param layer as for {@link #pattern}
   * @param width channels of a token
   */
  default Optional<AttentionCore> core(
      int layer, int width, Similarity similarity, Positions positions) {
    return pattern(layer)
        .map(pattern -> new SoftmaxCore(pattern, similarity, positions, heads(width)));
  }

  /**
   * Checks the numbers.
   *
   * @throws InputException that names the key of the config file
   */
  void check(int level, int width);

  /** Why it does not fit a grid of so many tokens; empty if it does. */
  default Optional<Misfit> misfit(int rows, int columns) {
    return Optional.empty();
  }

  /**
   * A number that does not fit a grid.
   *
   * @param key its key in the config file
   * @param problem what the grid has, such as {@code has only 4x4 tokens}
   * @param advice what to do
   */
  record Misfit(String key, String value, String problem, String advice) {}

  /** Softmax over all tokens of the level; cost grows with the square of their number. */
  record Global(int dHead) implements SelfAttention {
    public static final Form FORM =
        new Form("global", List.of("d_head"), section -> new Global(Heads.read(section)));

    @Override
    public String name() {
      return FORM.name;
    }

    @Override
    public void writeNumbers(ObjectNode node) {
      node.put(Heads.KEY, dHead);
    }

    @Override
    public Optional<AttentionPattern> pattern(int layer) {
      return Optional.of(new AttentionPattern.Global());
    }

    @Override
    public void check(int level, int width) {
      Heads.check(level, dHead, width);
    }
  }

  /**
   * Each token looks at a square of tokens around it, shifted inwards at the border.
   *
   * @param dHead channels of a head, a multiple of 8
   * @param kernelSize side of the square in tokens, odd
   */
  record Neighborhood(int dHead, int kernelSize) implements SelfAttention {
    private static final String KERNEL = "kernel_size";

    public static final Form FORM =
        new Form(
            "neighborhood",
            List.of(Heads.KEY, KERNEL),
            section ->
                new Neighborhood(
                    Heads.read(section), section.integer(KERNEL, DEFAULT_KERNEL_SIZE)));

    @Override
    public String name() {
      return FORM.name;
    }

    @Override
    public void writeNumbers(ObjectNode node) {
      node.put(Heads.KEY, dHead).put(KERNEL, kernelSize);
    }

    @Override
    public String describe() {
      return "%s %dx%d".formatted(name(), kernelSize, kernelSize);
    }

    @Override
    public Optional<AttentionPattern> pattern(int layer) {
      return Optional.of(new AttentionPattern.Neighborhood(kernelSize));
    }

    @Override
    public void check(int level, int width) {
      Heads.check(level, dHead, width);
      String path = Heads.path(level, KERNEL);
      Require.positive(path, kernelSize);
      if (kernelSize % 2 == 0) {
        throw new InputException(
            "%s is %d; give an odd number, such as %d, so that a neighborhood has a middle."
                .formatted(path, kernelSize, kernelSize - 1));
      }
    }

    @Override
    public Optional<Misfit> misfit(int rows, int columns) {
      int shorter = Math.min(rows, columns);
      return kernelSize <= shorter
          ? Optional.empty()
          : Optional.of(
              new Misfit(
                  KERNEL,
                  Integer.toString(kernelSize),
                  "has only %dx%d tokens".formatted(rows, columns),
                  "use a larger image or a kernel of at most %d".formatted((shorter - 1) | 1)));
    }
  }

  /**
   * Tokens look at their own window; every odd layer moves the windows by half a side.
   *
   * @param dHead channels of a head, a multiple of 8
   * @param windowSize side of a window in tokens, a divisor of both sides of the grid
   */
  record ShiftedWindow(int dHead, int windowSize) implements SelfAttention {
    private static final String WINDOW = "window_size";

    public static final Form FORM =
        new Form(
            "shifted-window",
            List.of(Heads.KEY, WINDOW),
            section -> new ShiftedWindow(Heads.read(section), section.integer(WINDOW)));

    @Override
    public String name() {
      return FORM.name;
    }

    @Override
    public void writeNumbers(ObjectNode node) {
      node.put(Heads.KEY, dHead).put(WINDOW, windowSize);
    }

    @Override
    public String describe() {
      return "%s %dx%d".formatted(name(), windowSize, windowSize);
    }

    @Override
    public Optional<AttentionPattern> pattern(int layer) {
      int shift = layer % 2 == 1 ? windowSize / 2 : 0;
      return Optional.of(new AttentionPattern.ShiftedWindow(windowSize, shift));
    }

    @Override
    public void check(int level, int width) {
      Heads.check(level, dHead, width);
      Require.positive(Heads.path(level, WINDOW), windowSize);
    }

    @Override
    public Optional<Misfit> misfit(int rows, int columns) {
      if (tiles(windowSize, rows, columns)) {
        return Optional.empty();
      }
      int divisor = Math.min(windowSize, Math.min(rows, columns));
      while (!tiles(divisor, rows, columns)) {
        divisor--;
      }
      return Optional.of(
          new Misfit(
              WINDOW,
              Integer.toString(windowSize),
              "has %dx%d tokens, which such windows do not tile".formatted(rows, columns),
              "use another image size or a window such as %d".formatted(divisor)));
    }

    private static boolean tiles(int window, int rows, int columns) {
      return rows % window == 0 && columns % window == 0;
    }
  }

  /** No attention: the layers of the level are feed-forward only. */
  record None() implements SelfAttention {
    public static final Form FORM = new Form("none", List.of(), section -> new None());

    @Override
    public String name() {
      return FORM.name;
    }

    @Override
    public void writeNumbers(ObjectNode node) {}

    @Override
    public int dHead() {
      return 0;
    }

    @Override
    public void check(int level, int width) {}
  }
}
