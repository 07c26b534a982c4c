package dev.hourglass.client;

/** What the server tells of a request that it works on. */
public sealed interface DrawEvent {

  /**
   * The request waits for its turn.
   *
   * @param id of the request
   * @param model that draws
   * @param seed as asked for, or as the server chose it
   * @param images that it asks for
   * @param ahead images that wait before these
   */
  record Queued(String id, String model, long seed, int images, int ahead) implements DrawEvent {}

  /**
   * How far an image is.
   *
   * @param index the image's index
   * @param step steps done, from 1
   * @param steps all there will be, or 0 where the sampler chooses as it goes
   */
  record Progress(long index, int step, int steps) implements DrawEvent {}

  /**
   * What an image looks like so far.
   *
   * @param index the image's index
   * @param step steps done
   * @param steps all there will be, or 0 where the sampler chooses as it goes
   * @param sigma the noise level that the guess is made at
   * @param file the guess
   */
  record Preview(long index, int step, int steps, double sigma, PngImage file)
      implements DrawEvent {}
}
