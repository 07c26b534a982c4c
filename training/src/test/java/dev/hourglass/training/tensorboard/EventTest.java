package dev.hourglass.training.tensorboard;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import dev.hourglass.training.tensorboard.Event.Scalar;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The records are, byte for byte, those that TensorBoard's own RecordWriter and messages (2.22.0a0,
 * commit 70b76c9, Python's protobuf) made of the same events.
 */
class EventTest {

  private static final String PNG =
      "89504e470d0a1a0a0000000d49484452000000030000000208020000001216f14d0000001c49444154789c636060"
          + "646266616563e76048494d4bcfc8cccace0100140003cd4a988f5a0000000049454e44ae426082";

  private static String record(double time, long step, Event.Content content) {
    Instant instant = Instant.ofEpochMilli(Math.round(time * 1e3));
    return HexFormat.of().formatHex(TfRecord.of(new Event(instant, step, content).encoded()));
  }

  @Test
  void theVersionOfAFile() {
    assertThat(record(1700000000.25, 0, new Event.Version()))
        .isEqualTo(
            "2500000000000000eabc36f30900001040fc54d9411a0d627261696e2e4576656e743a32520b0a09686f75"
                + "72676c617373791cb91e");
  }

  @Test
  void theStartOfTraining() {
    assertThat(record(1700000000.25, 5, new Event.Start()))
        .isEqualTo("0f000000000000006d532b090900001040fc54d94110053a0208014aa1e10c");
  }

  @Test
  void numbers() {
    Event.Scalars scalars =
        new Event.Scalars(
            List.of(new Scalar("train/loss", 0.125), new Scalar("validation/at_0.1", -3.1e-05)));
    assertThat(record(1700000001.5, 300, scalars))
        .isEqualTo(
            "3b000000000000001a23ac5c0900006040fc54d94110ac022a2d0a110a0a747261696e2f6c6f7373150000"
                + "003e0a180a1176616c69646174696f6e2f61745f302e3115ff0502b8774f3ea3");
  }

  @Test
  void aPicture() {
    ByteString png = ByteString.copyFrom(HexFormat.of().parseHex(PNG));
    assertThat(record(1700000002, 300, new Event.Picture("samples", png)))
        .isEqualTo(
            "7800000000000000a2a521c50900008040fc54d94110ac022a6a0a680a0773616d706c6573225d08021003"
                + "18032255"
                + PNG
                + "a792c2d1");
  }
}
