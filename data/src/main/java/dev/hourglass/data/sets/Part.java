package dev.hourglass.data.sets;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/** The part of a data set that a file or folder belongs to, as its name tells. */
enum Part {
  TRAINING,
  /** The name speaks of no part. */
  WHOLE,
  /** Kept from training, to test or validate with. */
  HELD_OUT;

  private static final Set<String> TRAINING_WORDS = Set.of("train", "training");

  private static final Set<String> HELD_OUT_WORDS =
      Set.of("test", "testing", "t10k", "val", "valid", "validation", "dev", "eval");

  /**
   * By the words of a name or of a path below the set's location; the training set's come first.
   */
  static Part of(String name) {
    String[] words = name.toLowerCase(Locale.ROOT).split("[^a-z0-9]+");
    if (Arrays.stream(words).anyMatch(word -> isOneOf(TRAINING_WORDS, word))) {
      return TRAINING;
    }
    return Arrays.stream(words).anyMatch(word -> isOneOf(HELD_OUT_WORDS, word)) ? HELD_OUT : WHOLE;
  }

  /** Numbers often follow without a blank, as in {@code train00}. */
  private static boolean isOneOf(Set<String> words, String word) {
    return words.contains(word) || words.contains(word.replaceFirst("\\d+$", ""));
  }

  /**
   * Of the folders at a set's top those with its training part. A set is taken to be in parts only
   * if the name of every folder is that of a part and nothing else: classes may have such names
   * too.
   *
   * @param folders names, "" for what is in no folder
   * @return all folders if the set is not in parts
   */
  static Set<String> trainingFolders(Collection<String> folders) {
    Set<String> training =
        folders.stream().filter(name -> isName(TRAINING_WORDS, name)).collect(Collectors.toSet());
    boolean inParts =
        folders.stream()
            .allMatch(name -> isName(TRAINING_WORDS, name) || isName(HELD_OUT_WORDS, name));
    return inParts && !training.isEmpty() ? training : Set.copyOf(folders);
  }

  private static boolean isName(Set<String> words, String name) {
    return words.contains(name.toLowerCase(Locale.ROOT));
  }
}
