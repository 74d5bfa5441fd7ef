package io.harveymq.server.ctl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Finds the broker that a command line means. One thread. */
public final class Locator {
  /**
   * Where the server would have its data.
   *
   * @param dataDir null when it stores nothing
   * @param chosen whether somebody chose it, and not the default
   */
  public record Place(Path dataDir, boolean chosen) {}

  /** Tells the place as the server finds it. */
  public interface Places {
    /**
     * Tells it.
     *
     * @param dataDir of the command line, or null
     * @param config of the command line, or null
     * @throws IOException when the configuration can't be used; the message says why
     */
    Place find(String dataDir, String config) throws IOException;
  }

  private final CommandLine line;
  private final Places places;
  private final List<RuntimeDirectory> runtimes;

  Locator(CommandLine line, Places places, List<RuntimeDirectory> runtimes) {
    this.line = line;
    this.places = places;
    this.runtimes = runtimes;
  }

  /**
   * The broker.
   *
   * @throws CtlException when none can be found
   */
  ControlFile find() throws CtlException {
    String node = line.option("node", null);
    String uri = line.option("uri", null);
    if (uri != null) {
      return ControlFile.ofUri(uri, node);
    }
    Place place;
    try {
      place = places.find(line.option("data-dir", null), line.option("config", null));
    } catch (IOException wrong) {
      throw new CtlException(Exit.USAGE, "Error: " + wrong.getMessage());
    }
    Path file = place.dataDir() == null ? null : place.dataDir().resolve(ControlFile.NAME);
    if (file != null && Files.exists(file)) {
      return checked(file, node);
    }
    boolean isHere = file != null && Files.isDirectory(place.dataDir());
    ControlFile running = place.chosen() ? null : running(node);
    if (running != null && (node != null || !isHere)) {
      return running;
    }
    String reason =
        isHere || place.chosen()
            ? "there is no file " + file.toAbsolutePath()
            : "no broker of this user runs" + (node == null ? "" : " under that name");
    throw Unreachable.of(node == null ? "rabbit" : node, reason + another(running));
  }

  /** Another one is not meant where a directory is: nobody wants to purge its queues instead. */
  private static String another(ControlFile running) {
    return running == null
        ? ""
        : ", so the broker of this directory does not run.\nAnother broker does, "
            + running
            + ": --node "
            + running.node()
            + " is for that";
  }

  /** The broker of this user, under a name if there is one, that was started last; or null. */
  private ControlFile running(String node) {
    for (RuntimeDirectory runtime : runtimes) {
      for (ControlFile running : runtime.all()) {
        if (node == null || isNamed(running.node(), node)) {
          return running;
        }
      }
    }
    return null;
  }

  private static ControlFile checked(Path file, String node) throws CtlException {
    ControlFile found;
    try {
      found = ControlFile.read(file);
    } catch (IOException broken) {
      throw Unreachable.of(node == null ? "rabbit" : node, file + ": " + broken.getMessage());
    }
    if (node != null && !isNamed(found.node(), node)) {
      throw Unreachable.of(node, "the node in " + file.getParent() + " is " + found.node());
    }
    return found;
  }

  /** Whether a name is meant; the host may be left out, or be short. */
  static boolean isNamed(String node, String meant) {
    int at = node.indexOf('@');
    int dot = node.indexOf('.', Math.max(0, at));
    int meantAt = meant.indexOf('@');
    int meantDot = meant.indexOf('.', Math.max(0, meantAt));
    return node.equals(meant)
        || meantAt < 0 && node.startsWith(meant + "@")
        || (dot < 0 ? node : node.substring(0, dot))
            .equals(meantDot < 0 ? meant : meant.substring(0, meantDot));
  }
}
