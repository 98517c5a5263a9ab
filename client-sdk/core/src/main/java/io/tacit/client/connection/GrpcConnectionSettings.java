package io.tacit.client.connection;

import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import org.jspecify.annotations.Nullable;

/** Where a coordinator is and how to talk to it. Immutable. */
public final class GrpcConnectionSettings {

  private static final int CHANNELS_MAX = 64;

  private final String host;
  private final int port;
  private final boolean plaintext;
  private final int channels;
  private final @Nullable SSLSocketFactory socketFactory;
  private final TrustManager @Nullable [] trust;
  private final boolean showsCertificate;

  private GrpcConnectionSettings(
      String host,
      int port,
      boolean plaintext,
      int channels,
      @Nullable SSLSocketFactory socketFactory,
      TrustManager @Nullable [] trust,
      boolean showsCertificate) {
    if (port < 1 || port > 65_535) {
      throw new IllegalArgumentException("port is " + port + ", must be 1 to 65535");
    }
    this.host = host;
    this.port = port;
    this.plaintext = plaintext;
    this.channels = channels;
    this.socketFactory = socketFactory;
    this.trust = trust;
    this.showsCertificate = showsCertificate;
  }

  /** A coordinator over TLS, with the certificates that the platform trusts. */
  public static GrpcConnectionSettings tls(String host, int port) {
    return new GrpcConnectionSettings(host, port, false, 1, null, null, false);
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
    return new GrpcConnectionSettings(host, port, true, 1, null, null, false);
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
    return new GrpcConnectionSettings(
        host, port, plaintext, count, socketFactory, trust, showsCertificate);
  }

  /**
   * The same with other trust than the platform's, e.g. a pinned root. For TLS only.
   *
   * @param managers e.g. {@link PinnedTrust#managers}; not to be changed
   */
  public GrpcConnectionSettings withTrust(TrustManager[] managers) {
    requireTls();
    return new GrpcConnectionSettings(
        host,
        port,
        false,
        channels,
        PinnedTrust.socketFactory(managers),
        managers,
        showsCertificate);
  }

  /**
   * The same for mutual TLS: the connections of a device show its certificate.
   *
   * @throws IllegalStateException if the platform has no Ed25519
   */
  public GrpcConnectionSettings showingCertificate() {
    requireTls();
    DeviceTls.requireSupport();
    return new GrpcConnectionSettings(host, port, false, channels, socketFactory, trust, true);
  }

  private void requireTls() {
    if (plaintext) {
      throw new IllegalArgumentException("a plaintext connection has no use for TLS sockets");
    }
  }

  /** The same over sockets that show this device's certificate. */
  GrpcConnectionSettings as(CertifiedKey device) {
    return new GrpcConnectionSettings(
        host, port, false, channels, DeviceTls.socketFactory(device, trust), trust, true);
  }

  boolean showsCertificate() {
    return showsCertificate;
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

  @Nullable SSLSocketFactory socketFactory() {
    return socketFactory;
  }

  @Override
  public String toString() {
    return (plaintext ? "plaintext://" : "tls://") + host + ":" + port;
  }
}
