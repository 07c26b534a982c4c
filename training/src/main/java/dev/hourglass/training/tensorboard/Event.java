package dev.hourglass.training.tensorboard;

import com.google.protobuf.ByteString;
import com.google.protobuf.CodedOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.List;

/**
 * An entry of an event file: the message {@code Event} of TensorBoard's {@code
 * tensorboard/compat/proto/event.proto}, by whose field numbers it is encoded.
 *
 * @param step of the run, from 1; 0 if it belongs to none
 */
record Event(Instant time, long step, Content content) {

  /** What an event says. */
  sealed interface Content {
    /** Writes the field of {@code Event} that holds it. */
    void writeTo(CodedOutputStream event) throws IOException;
  }

  /** The first event of a file: in which version of the format it is, and who wrote it. */
  record Version() implements Content {
    @Override
    public void writeTo(CodedOutputStream event) throws IOException {
      event.writeString(3, "brain.Event:2"); // file_version
      event.writeByteArray(10, message(source -> source.writeString(1, "hourglass"))); // writer
    }
  }

  /**
   * Training begins with the event's step: what earlier files say of it and of later steps is void
   * ({@code _CheckForRestartAndMaybePurge} of TensorBoard's {@code event_accumulator.py}).
   */
  record Start() implements Content {
    private static final int START = 1; // SessionLog.SessionStatus

    @Override
    public void writeTo(CodedOutputStream event) throws IOException {
      event.writeByteArray(7, message(log -> log.writeEnum(1, START))); // session_log
    }
  }

  /** Numbers, each a point of a curve. */
  record Scalars(List<Scalar> values) implements Content {
    Scalars {
      values = List.copyOf(values);
    }

    @Override
    public void writeTo(CodedOutputStream event) throws IOException {
      event.writeByteArray(5, message(this::writeSummary)); // summary
    }

    private void writeSummary(CodedOutputStream summary) throws IOException {
      for (Scalar scalar : values) {
        summary.writeByteArray(1, scalar.encoded()); // value
      }
    }
  }

  /**
   * A number with its name.
   *
   * @param value written as float32, TensorBoard's type for scalars
   */
  record Scalar(String tag, double value) {
    /** As {@code Summary.Value} of {@code summary.proto}. */
    private byte[] encoded() {
      return message(
          out -> {
            out.writeString(1, tag);
            out.writeFloat(2, (float) value); // simple_value
          });
    }
  }

  /**
   * A picture.
   *
   * @param png a PNG file in gray or RGB
   */
  record Picture(String tag, ByteString png) implements Content {
    /** Where the header chunk, always the first, has its numbers (PNG specification, 11.2.1). */
    private static final int WIDTH = 16;

    private static final int HEIGHT = 20;
    private static final int COLOUR_TYPE = 25;

    @Override
    public void writeTo(CodedOutputStream event) throws IOException {
      byte[] value =
          message(
              out -> {
                out.writeString(1, tag);
                out.writeByteArray(4, message(this::writeImage)); // image
              });
      event.writeByteArray(5, message(summary -> summary.writeByteArray(1, value))); // summary
    }

    /** As {@code Summary.Image} of {@code summary.proto}. */
    private void writeImage(CodedOutputStream image) throws IOException {
      ByteBuffer header = png.asReadOnlyByteBuffer();
      image.writeInt32(1, header.getInt(HEIGHT));
      image.writeInt32(2, header.getInt(WIDTH));
      image.writeInt32(3, header.get(COLOUR_TYPE) == 0 ? 1 : 3); // colorspace: gray or RGB
      image.writeBytes(4, png); // encoded_image_string
    }
  }

  /** The bytes of the message. */
  byte[] encoded() {
    return message(
        event -> {
          event.writeDouble(1, time.getEpochSecond() + time.getNano() / 1e9); // wall_time
          if (step != 0) { // as proto3 leaves out what is zero
            event.writeInt64(2, step);
          }
          content.writeTo(event);
        });
  }

  /** Writes the fields of a message. */
  @FunctionalInterface
  private interface Fields {
    void writeTo(CodedOutputStream message) throws IOException;
  }

  private static byte[] message(Fields fields) {
    ByteString.Output bytes = ByteString.newOutput();
    CodedOutputStream message = CodedOutputStream.newInstance(bytes);
    try {
      fields.writeTo(message);
      message.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("memory cannot be written to", e);
    }
    return bytes.toByteString().toByteArray();
  }
}
