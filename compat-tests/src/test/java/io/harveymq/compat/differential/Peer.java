package io.harveymq.compat.differential;

import java.io.Closeable;
import java.io.IOException;

/** A broker that conversations are played against. Confined to one thread. */
interface Peer extends Closeable {
  /** The port on loopback. */
  int port();

  /**
   * Returns when the broker has done all that it was told, as far as that can be known.
   *
   * @param connections how many connections clients have
   */
  void settle(int connections) throws IOException;

  /**
   * Does what an administrator does, see {@link PolicyStep} and {@link PermissionStep}.
   *
   * @return "ok", or why not
   */
  String administer(Step step) throws IOException;

  /** Removes everything that clients left behind; there are no connections any more. */
  void clean() throws IOException;
}
