package dev.hourglass.bench;

import dev.hourglass.config.Size;
import dev.hourglass.ops.Precision;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/**
 * What was measured of a case.
 *
 * @param caseName its name
 * @param provider who computed, as the provider calls itself
 * @param kernels who computed, as the user calls it
 * @param precision of matrix products
 * @param size of an image
 * @param batch images at once
 * @param macs multiply-accumulates of the forward pass of one image
 * @param seconds of each run on the batch, at least one
 * @param peakMemory bytes, empty where the system does not tell
 * @param ofBase the time for a multiply-accumulate over that of the case's base, if it has one
 */
public record BenchResult(
    String caseName,
    Pass pass,
    String kernels,
    String provider,
    Precision precision,
    Size size,
    int batch,
    long macs,
    List<Double> seconds,
    OptionalLong peakMemory,
    OptionalDouble ofBase) {

  private static final int FLOATING_POINT_OPERATIONS = 2; // of a multiply-accumulate

  /** Sorts the times. */
  public BenchResult {
    seconds = seconds.stream().sorted().toList();
  }

  /** The same, in comparison with what was measured in turns with it. */
  BenchResult against(BenchResult base) {
    return new BenchResult(
        caseName,
        pass,
        kernels,
        provider,
        precision,
        size,
        batch,
        macs,
        seconds,
        peakMemory,
        OptionalDouble.of(secondsPerGigaMac() / base.secondsPerGigaMac()));
  }

  /** Of the fastest run: other work on the machine only ever adds time. */
  public double secondsPerImage() {
    return seconds.getFirst() / batch;
  }

  /** Of the run in the middle. */
  public double medianSecondsPerImage() {
    return seconds.get(seconds.size() / 2) / batch;
  }

  /** Floating-point operations per second in thousands of millions; training counts threefold. */
  public double gflops() {
    double operations = (double) FLOATING_POINT_OPERATIONS * pass.forwardPasses() * macs;
    return operations / secondsPerImage() / 1e9;
  }

  /** For an image, over the multiply-accumulates of its forward pass in thousands of millions. */
  public double secondsPerGigaMac() {
    return secondsPerImage() / macs * 1e9;
  }

  public double nanosPerPixel() {
    return secondsPerImage() / size.area() * 1e9;
  }
}
