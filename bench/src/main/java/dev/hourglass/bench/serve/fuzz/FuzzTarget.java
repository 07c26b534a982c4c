package dev.hourglass.bench.serve.fuzz;

import java.util.List;

/**
 * What must be known of a server to ask it for images.
 *
 * @param model id
 * @param height pixels of its images
 * @param width pixels
 * @param classes names; empty if it has none
 * @param samplers of the server
 */
record FuzzTarget(
    String model, int height, int width, List<String> classes, List<String> samplers) {

  FuzzTarget {
    classes = List.copyOf(classes);
    samplers = List.copyOf(samplers);
  }
}
