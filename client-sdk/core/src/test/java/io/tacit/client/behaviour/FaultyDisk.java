package io.tacit.client.behaviour;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;

/** A disk that can be full, and whose fsync can fail. */
final class FaultyDisk implements FileLayer {

  /** Bytes that can still be written; a write that needs more is done in part, then fails. */
  long freeBytes = Long.MAX_VALUE;

  /** Whether fsync fails. */
  boolean failingForces;

  @Override
  public FileChannel open(Path file, OpenOption... options) throws IOException {
    return new Faulty(FileChannel.open(file, options));
  }

  private final class Faulty extends FileChannel {

    private final FileChannel file;

    Faulty(FileChannel file) {
      this.file = file;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
      if (freeBytes == 0) {
        throw new IOException("No space left on device");
      }
      int fits = (int) Math.min(freeBytes, from.remaining());
      file.write(from.duplicate().limit(from.position() + fits));
      from.position(from.position() + fits);
      freeBytes -= fits;
      return fits;
    }

    @Override
    public void force(boolean metaData) throws IOException {
      if (failingForces) {
        throw new IOException("Input/output error");
      }
      file.force(metaData);
    }

    @Override
    public int read(ByteBuffer into, long position) throws IOException {
      return file.read(into, position);
    }

    @Override
    public FileChannel position(long position) throws IOException {
      file.position(position);
      return this;
    }

    @Override
    public FileChannel truncate(long size) throws IOException {
      file.truncate(size);
      return this;
    }

    @Override
    public long size() throws IOException {
      return file.size();
    }

    @Override
    protected void implCloseChannel() throws IOException {
      file.close();
    }

    private UnsupportedOperationException unused() {
      return new UnsupportedOperationException("the store does not do this");
    }

    @Override
    public int read(ByteBuffer into) {
      throw unused();
    }

    @Override
    public long read(ByteBuffer[] into, int offset, int length) {
      throw unused();
    }

    @Override
    public int write(ByteBuffer from, long position) {
      throw unused();
    }

    @Override
    public long write(ByteBuffer[] from, int offset, int length) {
      throw unused();
    }

    @Override
    public long position() {
      throw unused();
    }

    @Override
    public long transferTo(long position, long count, WritableByteChannel target) {
      throw unused();
    }

    @Override
    public long transferFrom(ReadableByteChannel source, long position, long count) {
      throw unused();
    }

    @Override
    public MappedByteBuffer map(MapMode mode, long position, long size) {
      throw unused();
    }

    @Override
    public FileLock lock(long position, long size, boolean shared) {
      throw unused();
    }

    @Override
    public FileLock tryLock(long position, long size, boolean shared) {
      throw unused();
    }
  }
}
