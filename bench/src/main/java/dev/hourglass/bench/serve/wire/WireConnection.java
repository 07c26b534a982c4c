package dev.hourglass.bench.serve.wire;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * One connection of HTTP/1.1 without TLS, which sends whatever bytes it is given. A read that
 * passes the time limit of its answer throws {@link SocketTimeoutException}. One thread at a time.
 */
public final class WireConnection implements AutoCloseable {

  private static final int HTTP_PORT = 80;
  private static final int LONGEST_LINE = 1 << 16;

  private final Socket socket;
  private final InputStream in;
  private long end;

  private WireConnection(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(new Timed(socket.getInputStream()));
  }

  /** Reads that do not outlast the answer's time limit. */
  private final class Timed extends FilterInputStream {
    Timed(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      long left = (end - System.nanoTime()) / 1_000_000;
      if (left <= 0) {
        throw new SocketTimeoutException("no answer in time");
      }
      socket.setSoTimeout((int) Math.min(Integer.MAX_VALUE, left));
      return super.read(bytes, offset, length);
    }
  }

  /**
   * Connects.
   *
   * @param receiveBuffer bytes that the system takes before the program reads them, 0 for the
   *     system's choice; few make a slow reader felt by the server
   */
  public static WireConnection open(URI server, Duration timeout, int receiveBuffer)
      throws IOException {
    Socket socket = new Socket();
    try {
      if (receiveBuffer > 0) {
        socket.setReceiveBufferSize(receiveBuffer);
      }
      socket.setTcpNoDelay(true);
      int port = server.getPort() < 0 ? HTTP_PORT : server.getPort();
      socket.connect(new InetSocketAddress(server.getHost(), port), (int) timeout.toMillis());
      return new WireConnection(socket);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /** Sends text of which each character is a byte. */
  public void send(String latin1) throws IOException {
    socket.getOutputStream().write(latin1.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** Says that nothing more will be sent; answers can still be read. */
  public void endOutput() throws IOException {
    socket.shutdownOutput();
  }

  /** Starts the clock of the next answer. */
  public void startAnswer(Duration limit) {
    end = System.nanoTime() + limit.toNanos();
  }

  /**
   * The whole answer, within the limit that {@link #startAnswer} set.
   *
   * @param head whether it answers a HEAD request, and so has no body
   * @throws EOFException if the server closes the connection before its end
   */
  public WireAnswer answer(boolean head) throws IOException {
    WireAnswer start = head();
    return head ? start : new WireAnswer(start.status(), start.headers(), body(start));
  }

  /** Status and headers; the body is left to be read. */
  public WireAnswer head() throws IOException {
    String status = line();
    if (!status.matches("HTTP/1\\.[01] \\d{3}( .*)?")) {
      throw new IOException("This is no HTTP answer: " + status);
    }
    Map<String, String> headers = new HashMap<>();
    for (String line = line(); !line.isEmpty(); line = line()) {
      int colon = line.indexOf(':');
      if (colon < 1) {
        throw new IOException("This is no header: " + line);
      }
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    int code = Integer.parseInt(status.substring(9, 12));
    return code < 200 ? head() : new WireAnswer(code, Map.copyOf(headers), "");
  }

  private String body(WireAnswer start) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if (start.header("Transfer-Encoding").filter("chunked"::equalsIgnoreCase).isPresent()) {
      for (int size = chunk(); size > 0; size = chunk()) {
        body.write(exactly(size));
        line();
      }
      while (!line().isEmpty()) {} // trailers
    } else if (start.header("Content-Length").isPresent()) {
      body.write(exactly(Integer.parseInt(start.header("Content-Length").orElseThrow())));
    } else if (start.status() != 204 && start.status() != 304) {
      in.transferTo(body);
    }
    return body.toString(StandardCharsets.UTF_8);
  }

  private int chunk() throws IOException {
    String size = line();
    try {
      return Integer.parseInt(size.replaceFirst(";.*", "").strip(), 16);
    } catch (NumberFormatException e) {
      throw new IOException("This is no size of a chunk: " + size, e);
    }
  }

  private byte[] exactly(int size) throws IOException {
    byte[] bytes = in.readNBytes(size);
    if (bytes.length < size) {
      throw new EOFException("The answer ends after %d of %d bytes.".formatted(bytes.length, size));
    }
    return bytes;
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int next = readByte(); next != '\n'; next = readByte()) {
      if (next < 0) {
        throw new EOFException("The server closed the connection.");
      }
      if (line.length() == LONGEST_LINE) {
        throw new IOException("A line of the answer's head has no end.");
      }
      line.append((char) next);
    }
    return line.toString().stripTrailing();
  }

  /** The next byte of the answer, with the marks of chunks, or -1 at its end. */
  public int readByte() throws IOException {
    return in.read();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
