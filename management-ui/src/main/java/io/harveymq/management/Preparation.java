package io.harveymq.management;

import io.harveymq.management.json.Json;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.ext.web.Router;
import java.util.concurrent.CompletableFuture;

/**
 * What a management needs that does not depend on a broker: made by a thread of its own, so that it
 * takes no time of a start. Whoever begins one starts a management with it or closes it. Any
 * thread.
 */
public final class Preparation implements AutoCloseable {
  private final CompletableFuture<Vertx> vertx = new CompletableFuture<>();

  private Preparation() {}

  /** Begins; returns at once. */
  public static Preparation begin() {
    Preparation preparation = new Preparation();
    Thread thread = new Thread(preparation::prepare, "harvey-management-start");
    thread.setDaemon(true);
    thread.start();
    return preparation;
  }

  private void prepare() {
    try {
      Vertx made =
          Vertx.vertx(
              new VertxOptions()
                  .setEventLoopPoolSize(1)
                  .setWorkerPoolSize(2)
                  .setInternalBlockingPoolSize(1)
                  .setFileSystemOptions(
                      new FileSystemOptions()
                          .setClassPathResolvingEnabled(false)
                          .setFileCachingEnabled(false)));
      // The first of each takes long.
      Json.write(Json.object());
      Router.router(made).route("/");
      vertx.complete(made);
    } catch (RuntimeException | Error failure) {
      vertx.completeExceptionally(failure);
    }
  }

  /** Waits until it is there. */
  Vertx vertx() {
    return vertx.join();
  }

  /** Ends what is not used. */
  @Override
  public void close() {
    vertx.thenAccept(Vertx::close);
  }
}
