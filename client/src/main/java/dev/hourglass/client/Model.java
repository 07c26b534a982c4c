package dev.hourglass.client;

import java.util.List;
import java.util.Optional;

/**
 * A model of the server. Until it is ready its numbers are 0, its digest and its list of classes
 * empty.
 *
 * @param id what requests call it
 * @param detail why it could not be loaded, if it failed
 * @param digest of the weights: 16 hexadecimal digits
 * @param height pixels of the images that it was made for
 * @param width pixels
 * @param channels 1 for gray, 3 for color
 * @param classes names by number; empty if it has none
 * @param vector numbers of conditioning that it wants
 * @param batch images that the server draws at once
 * @param secondsPerEvaluation measured seconds of the network for an image and evaluation
 */
public record Model(
    String id,
    Status status,
    Optional<String> detail,
    String digest,
    int height,
    int width,
    int channels,
    List<String> classes,
    int vector,
    int batch,
    double secondsPerEvaluation) {

  public Model {
    classes = List.copyOf(classes);
  }

  /** Whether it can draw. */
  public enum Status {
    LOADING,
    READY,
    FAILED
  }
}
