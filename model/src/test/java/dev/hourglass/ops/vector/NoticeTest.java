package dev.hourglass.ops.vector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.junit.jupiter.api.Test;

class NoticeTest {

  /** What the log hears. */
  private static final class Heard extends Handler {
    private final List<String> sentences = new ArrayList<>();

    @Override
    public void publish(LogRecord event) {
      sentences.add(new SimpleFormatter().formatMessage(event));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }

  @Test
  void thatLibtorchComputesAnOperationIsSaidOnce() {
    Logger log = Logger.getLogger(VectorOps.class.getName());
    Heard heard = new Heard();
    log.addHandler(heard);
    try {
      Notice.of("an operation of this test");
      Notice.of("an operation of this test");
      Notice.of("another operation of this test");
    } finally {
      log.removeHandler(heard);
    }
    assertThat(heard.sentences)
        .containsExactly(
            "There is no kernel of ours for an operation of this test; libtorch computes it.",
            "There is no kernel of ours for another operation of this test; libtorch computes it.");
  }
}
