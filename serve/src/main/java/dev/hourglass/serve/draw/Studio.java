package dev.hourglass.serve.draw;

import dev.hourglass.serve.batch.Batcher;
import dev.hourglass.serve.request.Wanted;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Where requests are drawn, as many images at a time as its queue holds. */
public final class Studio {

  private static final SecureRandom IDS = new SecureRandom();
  private static final int LONGEST_WAIT = 600;
  private static final long MILLIS_BETWEEN_LOOKS = 5;

  /** How fast the running mean of the time between two images forgets. */
  private static final double MEMORY = 0.9;

  private final Batcher batcher;
  private final int queue;
  private final Set<Drawing> running = ConcurrentHashMap.newKeySet();

  private int images;
  private boolean closed;
  private double secondsPerImage = 1;
  private long lastImage;

  /**
   * @param queue images that are drawn or wait, at most
   */
  public Studio(Batcher batcher, int queue) {
    this.batcher = batcher;
    this.queue = queue;
  }

  /**
   * Takes a request in. Nothing of it is drawn before {@link Admission#start}.
   *
   * @throws BusyException if there is no room for it now
   */
  public Admission admit(Wanted wanted) {
    int count = wanted.request().count();
    int ahead;
    synchronized (this) {
      if (closed) {
        throw new BusyException("The server is stopping; ask again later.", 10);
      }
      if (images + count > queue && images > 0) {
        throw new BusyException(
            "%d images wait or are drawn, and there is room for %d; ask again later."
                .formatted(images, queue),
            (int) Math.clamp(Math.ceil(images * secondsPerImage), 1, LONGEST_WAIT));
      }
      ahead = images;
      images += count;
    }
    return new Admission(wanted, newId(), ahead);
  }

  /** A request that has its place. */
  public final class Admission {

    private final Wanted wanted;
    private final String id;
    private final int ahead;

    private Admission(Wanted wanted, String id, int ahead) {
      this.wanted = wanted;
      this.id = id;
      this.ahead = ahead;
    }

    public String id() {
      return id;
    }

    /** Images that were there before. */
    public int ahead() {
      return ahead;
    }

    /** Begins to draw; call it once. */
    public Drawing start(DrawListener listener) {
      Drawing drawing =
          new Drawing(id, wanted, batcher, listener, Studio.this::imageOver, running::remove);
      running.add(drawing);
      drawing.start();
      return drawing;
    }
  }

  private synchronized void imageOver() {
    images--;
    long now = System.nanoTime();
    if (lastImage != 0 && images > 0) {
      secondsPerImage = MEMORY * secondsPerImage + (1 - MEMORY) * (now - lastImage) / 1e9;
    }
    lastImage = now;
  }

  /** Images that are drawn or wait. */
  public synchronized int images() {
    return images;
  }

  /** Images that are being drawn. */
  public int beingDrawn() {
    return running.stream().mapToInt(Drawing::beingDrawn).sum();
  }

  /** Whether it takes requests no more. */
  public synchronized boolean isClosed() {
    return closed;
  }

  /** Takes no more requests, lets those that run go on for a while, and then gives them up. */
  public void drain(Duration most) throws InterruptedException {
    long end = System.nanoTime() + most.toNanos();
    synchronized (this) {
      closed = true;
    }
    while (!running.isEmpty() && System.nanoTime() < end) {
      Thread.sleep(MILLIS_BETWEEN_LOOKS);
    }
    running.forEach(drawing -> drawing.stop(new StoppedException("The server is stopping.")));
    while (!running.isEmpty()) {
      Thread.sleep(MILLIS_BETWEEN_LOOKS);
    }
  }

  /** 128 random bits: nobody can guess another's. */
  public static String newId() {
    byte[] bits = new byte[16];
    IDS.nextBytes(bits);
    return HexFormat.of().formatHex(bits);
  }
}
