package dev.hourglass.serve.http;

import dev.hourglass.core.machine.ProcessMemory;
import dev.hourglass.serve.batch.PassListener;
import dev.hourglass.serve.draw.Studio;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;

/** What the server does, in numbers, for Prometheus. */
public final class Metrics implements PassListener, AutoCloseable {

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final DistributionSummary passImages =
      DistributionSummary.builder("hourglass.pass.images")
          .description("Images evaluated in a pass")
          .register(registry);
  private final Timer passSeconds =
      Timer.builder("hourglass.pass").description("Passes of a model").register(registry);
  private final Timer requestSeconds =
      Timer.builder("hourglass.request")
          .description("Requests for images, from their first byte to their last")
          .publishPercentileHistogram()
          .minimumExpectedValue(Duration.ofMillis(10))
          .maximumExpectedValue(Duration.ofMinutes(10))
          .register(registry);
  private final JvmGcMetrics collections = new JvmGcMetrics();

  /** Metrics of a process. */
  public Metrics() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    collections.bindTo(registry);
    Gauge.builder("process.resident.memory", ProcessMemory::residentBytes)
        .baseUnit("bytes")
        .description("Memory of the process, the native part included")
        .register(registry);
  }

  void watch(Studio studio) {
    Gauge.builder("hourglass.queue.images", studio, Studio::images)
        .description("Images that are drawn or wait")
        .register(registry);
    Gauge.builder("hourglass.drawing.images", studio, Studio::beingDrawn)
        .description("Images that are being drawn")
        .register(registry);
  }

  @Override
  public void computed(int images, double seconds) {
    passImages.record(images);
    passSeconds.record(Duration.ofNanos((long) (seconds * 1e9)));
  }

  void answered(String path, int status) {
    Counter.builder("hourglass.requests")
        .tag("path", path)
        .tag("status", Integer.toString(status))
        .register(registry)
        .increment();
  }

  void rejected(int status) {
    Counter.builder("hourglass.rejections")
        .tag("reason", Problem.of(status, "").title())
        .register(registry)
        .increment();
  }

  void drawn(String model) {
    Counter.builder("hourglass.images").tag("model", model).register(registry).increment();
  }

  void took(double seconds) {
    requestSeconds.record(Duration.ofNanos((long) (seconds * 1e9)));
  }

  String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
