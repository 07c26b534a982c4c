package dev.hourglass.bench;

import dev.hourglass.bench.Workload.Attention;
import dev.hourglass.bench.Workload.WholeModel;
import dev.hourglass.config.Config;
import dev.hourglass.config.Size;
import dev.hourglass.core.InputException;
import dev.hourglass.core.text.Spelling;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** The cases that can be chosen by name. */
public final class BenchCases {

  /** The series of image sizes that shows how time grows with the number of pixels. */
  public static final String SCALING = "scaling";

  private static final Set<Pass> ALL = Set.of(Pass.values());
  static final Set<Pass> BOTH = Set.of(Pass.FORWARD, Pass.TRAIN);
  private static final Set<Pass> FORWARD = Set.of(Pass.FORWARD);

  /** In the order they are run; configs are read when a case is chosen. */
  private static final Map<String, Function<String, BenchCase>> CASES = new LinkedHashMap<>();

  static {
    addModel("cifar10", "cifar10.json", 16, ALL);
    addModel("flowers-neighborhood", "oxford-flowers-256.json", 2, ALL);
    addModel("flowers-window", "oxford-flowers-256-shifted-window.json", 2, ALL);
    addModel("ffhq-1024", "ffhq-1024.json", 1, FORWARD);
    addAttention(64, 2);
    addAttention(256, 1);
    for (int side : new int[] {128, 256, 512, 1024, 2048}) {
      CASES.put(
          SCALING + "-" + side,
          name -> new BenchCase(name, model("scaling.json").at(Size.square(side)), 1, FORWARD));
    }
  }

  private BenchCases() {}

  private static void addModel(String name, String config, int batch, Set<Pass> passes) {
    CASES.put(name, n -> new BenchCase(n, model(config), batch, passes));
  }

  /** Two heads of 64 channels on a square of tokens, the outermost level of the presets. */
  private static void addAttention(int side, int batch) {
    CASES.put(
        "neighborhood-" + side,
        name -> {
          WholeModel model = model("neighborhood.json");
          int patch = model.config().model().patchSize().height();
          return new BenchCase(
              name,
              new Attention(model.at(Size.square(side * patch)).config().model()),
              batch,
              BOTH);
        });
  }

  private static WholeModel model(String resource) {
    return new WholeModel(Config.parse(BenchResource.text(resource), resource));
  }

  /**
   * The names of the cases that are measured where none is chosen: all but variants and
   * resolutions.
   */
  public static List<String> names() {
    return List.copyOf(CASES.keySet());
  }

  /**
   * The chosen cases, each once.
   *
   * @param words names; beginnings of names up to a dash, such as {@code scaling} or {@code
   *     variants}; config files, which are measured as whole models with one image at a time; none
   *     for all cases but variants and resolutions
   * @throws InputException if a word is none of them
   */
  public static List<BenchCase> select(List<String> words) {
    Map<String, BenchCase> chosen = new LinkedHashMap<>();
    for (String word : words.isEmpty() ? names() : words) {
      if (isFile(word)) {
        chosen.put(word, ofConfig(Path.of(word)));
      } else {
        named(word).forEach(name -> chosen.put(name, ofName(name)));
      }
    }
    return List.copyOf(chosen.values());
  }

  private static BenchCase ofName(String name) {
    if (Variants.isOne(name)) {
      return Variants.of(name);
    }
    return Resolutions.isOne(name) ? Resolutions.of(name) : CASES.get(name).apply(name);
  }

  /** No case has a dot or a slash in its name. */
  private static boolean isFile(String word) {
    return word.indexOf('.') >= 0 || word.indexOf('/') >= 0 || word.indexOf('\\') >= 0;
  }

  private static BenchCase ofConfig(Path file) {
    String name = file.getFileName().toString();
    int ending = name.lastIndexOf('.');
    return new BenchCase(
        ending > 0 ? name.substring(0, ending) : name, new WholeModel(Config.load(file)), 1, ALL);
  }

  private static List<String> named(String word) {
    List<String> all =
        Stream.of(names(), Variants.names(), Resolutions.names()).flatMap(List::stream).toList();
    if (all.contains(word)) {
      return List.of(word);
    }
    List<String> names = all.stream().filter(n -> n.startsWith(word + "-")).toList();
    if (names.isEmpty()) {
      List<String> known = new ArrayList<>(names());
      known.addAll(List.of(SCALING, Variants.SERIES, Resolutions.SERIES));
      known.addAll(Spelling.meant(word, all).stream().toList());
      throw new InputException(
          "There is no case \"%s\"; %s"
              .formatted(word, Spelling.advice(word, known, "choose a config file or some of")));
    }
    return names;
  }
}
