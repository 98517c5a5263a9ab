package io.tacit.client.connection;

import java.time.Duration;
import javax.net.ssl.SSLSocketFactory;
import org.jspecify.annotations.Nullable;

/** Where a coordinator is and how to talk to it. Immutable. */
public final class GrpcConnectionSettings {

  private static final int CHANNELS_MAX = 64;
  private static final Duration CALL_TIMEOUT_MAX = Duration.ofMinutes(5);

  private final String host;
  private final int port;
  private final boolean plaintext;
  private final int channels;
  private final Duration callTimeout;
  private final @Nullable SSLSocketFactory socketFactory;

  private GrpcConnectionSettings(
      String host,
      int port,
      boolean plaintext,
      int channels,
      Duration callTimeout,
      @Nullable SSLSocketFactory socketFactory) {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port is " + port + ", must be 1 to 65535");
    }
    this.host = host;
    this.port = port;
    this.plaintext = plaintext;
    this.channels = channels;
    this.callTimeout = callTimeout;
    this.socketFactory = socketFactory;
  }

  /** A coordinator over TLS, with the certificates that the platform trusts. */
  public static GrpcConnectionSettings tls(String host, int port) {
    return new GrpcConnectionSettings(host, port, false, 1, Duration.ofSeconds(10), null);
  }

  /**
   * A coordinator on this machine without encryption, for development.
   *
   * @param host {@code localhost}, {@code 127.x.x.x} or {@code ::1}
   * @throws IllegalArgumentException if the host is any other: unencrypted updates do not travel
   */
  public static GrpcConnectionSettings plaintextForDevelopment(String host, int port) {
    if (!isLoopback(host)) {
      throw new IllegalArgumentException(
          "plaintext host is \""
              + host
              + "\", must be localhost, 127.x.x.x or ::1; use TLS for any other");
    }
    return new GrpcConnectionSettings(host, port, true, 1, Duration.ofSeconds(10), null);
  }

  /** By spelling, not by look-up: a name server must not decide what is encrypted. */
  private static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.equals("::1")
        || host.equals("[::1]")
        || host.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
  }

  /**
   * The same with so many connections to share between devices.
   *
   * @param count 1 to 64; one is right for an app, a few for thousands of virtual devices
   */
  public GrpcConnectionSettings withChannels(int count) {
    if (count < 1 || count > CHANNELS_MAX) {
      throw new IllegalArgumentException(
          "channels are " + count + ", must be 1 to " + CHANNELS_MAX + "; 1 is right for an app");
    }
    return new GrpcConnectionSettings(host, port, plaintext, count, callTimeout, socketFactory);
  }

  /**
   * The same with another deadline for calls that only ask or tell.
   *
   * @param timeout 1 ms to 5 min; {@code await} gets it on top of its hold
   */
  public GrpcConnectionSettings withCallTimeout(Duration timeout) {
    if (timeout.compareTo(Duration.ofMillis(1)) < 0 || timeout.compareTo(CALL_TIMEOUT_MAX) > 0) {
      throw new IllegalArgumentException(
          "call timeout is "
              + timeout.toMillis()
              + " ms, must be 1 to "
              + CALL_TIMEOUT_MAX.toMillis()
              + " ms; 10000 is usual");
    }
    return new GrpcConnectionSettings(host, port, plaintext, channels, timeout, socketFactory);
  }

  /** The same with other trust than the platform's, e.g. a pinned root. For TLS only. */
  public GrpcConnectionSettings withSocketFactory(SSLSocketFactory factory) {
    if (plaintext) {
      throw new IllegalArgumentException("a plaintext connection has no use for TLS sockets");
    }
    return new GrpcConnectionSettings(host, port, false, channels, callTimeout, factory);
  }

  String host() {
    return host;
  }

  int port() {
    return port;
  }

  boolean isPlaintext() {
    return plaintext;
  }

  int channels() {
    return channels;
  }

  Duration callTimeout() {
    return callTimeout;
  }

  @Nullable SSLSocketFactory socketFactory() {
    return socketFactory;
  }

  @Override
  public String toString() {
    return (plaintext ? "plaintext://" : "tls://") + host + ":" + port;
  }
}
