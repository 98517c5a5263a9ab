package io.tacit.coordinator.service.rpc;

import io.grpc.StatusRuntimeException;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.Set;
import java.util.Timer;
import java.util.TimerTask;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.jboss.logging.Logger;

/**
 * The uploads and downloads that are open: bounded in number, and ended when their device lets them
 * stand still, so that no crowd of half-open streams keeps others out.
 */
@Singleton
class OpenStreams {

  private static final Logger LOG = Logger.getLogger(OpenStreams.class);

  private static final int SWEEPS_WHILE_IDLE = 4;

  /**
   * What a device must bring or take a second, on average and once the time of standing still is
   * over: whoever sends a byte now and then does not hold a place for ever. The slowest phone is
   * ten times faster.
   */
  static final int BYTES_PER_SECOND_MIN = 1024;

  private final StreamLimits limits;
  private final LongSupplier nanoTime;
  private final Semaphore free;
  private final Set<Stream> open = ConcurrentHashMap.newKeySet();
  private final Timer sweeper = new Timer("idle-streams", true);

  @Inject
  OpenStreams(StreamLimits limits) {
    this(limits, System::nanoTime);
    long period = limits.idle().toMillis() / SWEEPS_WHILE_IDLE;
    sweeper.schedule(
        new TimerTask() {
          @Override
          public void run() {
            endIdle();
          }
        },
        period,
        period);
  }

  /** With a clock of its own, for tests; these sweep. */
  OpenStreams(StreamLimits limits, LongSupplier nanoTime) {
    this.limits = limits;
    this.nanoTime = nanoTime;
    this.free = new Semaphore(limits.streamsMax());
  }

  /**
   * Lets a stream in.
   *
   * @param endIdle called, once at most and from any thread, when it has stood still for too long
   * @throws StatusRuntimeException BUSY, if as many are open as may be
   */
  Stream enter(Runnable endIdle) {
    if (!free.tryAcquire()) {
      throw RpcStatus.busy(
          "there are " + limits.streamsMax() + " uploads and downloads going on; come back");
    }
    Stream stream = new Stream(endIdle);
    open.add(stream);
    return stream;
  }

  int size() {
    return open.size();
  }

  void endIdle() {
    long now = nanoTime.getAsLong();
    for (Stream stream : open) {
      if (stream.standsStill(now, limits.idle().toNanos())) {
        try {
          stream.endIdle.run();
        } catch (RuntimeException e) {
          LOG.warn("A stream that stood still could not be ended", e); // The others are to end.
        }
      }
    }
  }

  /** What a device reads whose stream was ended. */
  StatusRuntimeException idle() {
    return RpcStatus.busy(
        "the stream stood still for "
            + limits.idle().toSeconds()
            + " s or moved less than "
            + BYTES_PER_SECOND_MIN
            + " bytes a second; go on where it ended");
  }

  @PreDestroy
  void close() {
    sweeper.cancel();
  }

  /** A place that a stream holds until it leaves. */
  final class Stream {

    private final Runnable endIdle;
    private final AtomicBoolean left = new AtomicBoolean();
    private final long begun = nanoTime.getAsLong();
    private final AtomicLong bytes = new AtomicLong();
    private volatile long lastMove = begun;

    private Stream(Runnable endIdle) {
      this.endIdle = endIdle;
    }

    /** The device has done its part, for so many bytes. */
    void moved(int bytes) {
      this.bytes.addAndGet(bytes);
      lastMove = nanoTime.getAsLong();
    }

    private boolean standsStill(long now, long idle) {
      long earned = TimeUnit.SECONDS.toNanos(bytes.get()) / BYTES_PER_SECOND_MIN;
      return now - lastMove > idle || now - begun > idle + earned;
    }

    /** Gives the place back; may be called again. */
    void leave() {
      if (left.compareAndSet(false, true)) {
        open.remove(this);
        free.release();
      }
    }
  }
}
