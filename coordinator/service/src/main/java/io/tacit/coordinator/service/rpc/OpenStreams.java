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
import java.util.concurrent.atomic.AtomicBoolean;
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
      if (now - stream.lastMove > limits.idle().toNanos()) {
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
        "the stream stood still for " + limits.idle().toSeconds() + " s; go on where it ended");
  }

  @PreDestroy
  void close() {
    sweeper.cancel();
  }

  /** A place that a stream holds until it leaves. */
  final class Stream {

    private final Runnable endIdle;
    private final AtomicBoolean left = new AtomicBoolean();
    private volatile long lastMove = nanoTime.getAsLong();

    private Stream(Runnable endIdle) {
      this.endIdle = endIdle;
    }

    /** The device has done its part. */
    void moved() {
      lastMove = nanoTime.getAsLong();
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
