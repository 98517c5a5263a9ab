package io.tacit.protocol.masking;

import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.InvalidAlgorithmParameterException;
import java.security.InvalidKeyException;
import java.security.Key;
import java.security.Provider;
import java.security.SecureRandom;
import java.security.spec.AlgorithmParameterSpec;
import java.util.ArrayList;
import java.util.List;
import javax.crypto.Cipher;
import javax.crypto.CipherSpi;
import javax.crypto.ShortBufferException;
import javax.crypto.spec.IvParameterSpec;

/** The platform's AES-CTR from another counter, and how many bytes it was asked for each time. */
final class RecordingAes {

  private final byte[] counter;
  private final List<Integer> updateLengths = new ArrayList<>();

  RecordingAes(byte[] counter) {
    this.counter = counter;
  }

  List<Integer> updateLengths() {
    return updateLengths;
  }

  Cipher cipher() throws GeneralSecurityException {
    Provider provider =
        new Provider("recording", "1", "for tests") {
          private static final long serialVersionUID = 1;
        };
    Spi spi = new Spi();
    return new Cipher(spi, provider, "AES/CTR/NoPadding") {};
  }

  private final class Spi extends CipherSpi {

    private final Cipher platform = Cipher.getInstance("AES/CTR/NoPadding");

    Spi() throws GeneralSecurityException {}

    @Override
    protected void engineInit(
        int mode, Key key, AlgorithmParameterSpec parameters, SecureRandom random)
        throws InvalidKeyException, InvalidAlgorithmParameterException {
      platform.init(mode, key, new IvParameterSpec(counter));
    }

    @Override
    protected int engineUpdate(byte[] in, int from, int length, byte[] out, int to)
        throws ShortBufferException {
      updateLengths.add(length);
      return platform.update(in, from, length, out, to);
    }

    @Override
    protected byte[] engineUpdate(byte[] in, int from, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    protected void engineInit(int mode, Key key, SecureRandom random) {
      throw new UnsupportedOperationException();
    }

    @Override
    protected void engineInit(
        int mode, Key key, AlgorithmParameters parameters, SecureRandom random) {
      throw new UnsupportedOperationException();
    }

    @Override
    protected byte[] engineDoFinal(byte[] in, int from, int length) {
      throw new UnsupportedOperationException();
    }

    @Override
    protected int engineDoFinal(byte[] in, int from, int length, byte[] out, int to) {
      throw new UnsupportedOperationException();
    }

    @Override
    protected void engineSetMode(String mode) {}

    @Override
    protected void engineSetPadding(String padding) {}

    @Override
    protected int engineGetBlockSize() {
      return 16;
    }

    @Override
    protected int engineGetOutputSize(int length) {
      return length;
    }

    @Override
    protected byte[] engineGetIV() {
      return counter.clone();
    }

    @Override
    protected AlgorithmParameters engineGetParameters() {
      throw new UnsupportedOperationException();
    }
  }
}
