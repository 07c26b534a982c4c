package dev.hourglass.data.sets;

import dev.hourglass.data.tar.TarMember;
import dev.hourglass.data.tar.TarName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Puts the images of a tar file and the labels beside them together: what shares a key is a sample.
 *
 * <p>An image's label bears its name but for the ending, {@code a.png} and {@code a.cls}, or else
 * is the only one of the sample, {@code a.input.png} and {@code a.target.cls}. Where a sample has a
 * plain image, {@code a.jpg}, others without a label of their own, {@code a.mask.png}, are no
 * images to train on.
 */
final class TarSamples {

  private final List<Entry> images = new ArrayList<>();
  private final Map<String, Sample> samples = new HashMap<>();

  /** One image, and its label if there is one. */
  record Image(TarMember member, Optional<Label> label) {}

  private record Entry(TarMember member, TarName name, Sample sample) {

    String stem() {
      return member.name().substring(0, member.name().lastIndexOf('.'));
    }

    boolean isAside() {
      return !name.isPlain() && sample.hasPlainImage && !sample.labels.containsKey(stem());
    }

    Optional<Label> label() {
      Ranked own = sample.labels.getOrDefault(stem(), sample.labels.get(name.key()));
      if (own != null) {
        return Optional.of(own.label);
      }
      List<Ranked> others =
          sample.labels.entrySet().stream()
              .filter(label -> !sample.imageStems.contains(label.getKey()))
              .map(Map.Entry::getValue)
              .toList();
      return others.size() == 1 ? Optional.of(others.getFirst().label) : Optional.empty();
    }
  }

  private static final class Sample {
    private final Set<String> endings = new HashSet<>(4);
    private final Set<String> imageStems = new HashSet<>(2);

    /** By the name without the label's ending. */
    private final Map<String, Ranked> labels = new HashMap<>(2);

    private boolean hasPlainImage;
  }

  private record Ranked(int rank, Label label) {}

  void addImage(TarMember member, TarName name) {
    Sample sample = sample(name);
    Entry entry = new Entry(member, name, sample);
    images.add(entry);
    sample.imageStems.add(entry.stem());
    sample.hasPlainImage |= name.isPlain();
  }

  /**
   * Adds a label.
   *
   * @param ending which of the endings of labels the entry has
   */
  void addLabel(TarMember member, TarName name, String ending, Label label) {
    String stem = member.name().substring(0, member.name().length() - ending.length() - 1);
    sample(name)
        .labels
        .merge(stem, new Ranked(TarName.rank(ending), label), (a, b) -> a.rank <= b.rank ? a : b);
  }

  /** The sample of a key; a new one where the entry's like is in it already, as WebDataset does. */
  private Sample sample(TarName name) {
    Sample sample = samples.computeIfAbsent(name.key(), key -> new Sample());
    if (!sample.endings.add(name.ending())) {
      sample = new Sample();
      sample.endings.add(name.ending());
      samples.put(name.key(), sample);
    }
    return sample;
  }

  /** The images in the order in which they were added. */
  List<Image> images() {
    return images.stream()
        .filter(entry -> !entry.isAside())
        .map(entry -> new Image(entry.member, entry.label()))
        .toList();
  }

  /** What is an image by its name, but none to train on. */
  List<TarMember> asides() {
    return images.stream().filter(Entry::isAside).map(Entry::member).toList();
  }
}
