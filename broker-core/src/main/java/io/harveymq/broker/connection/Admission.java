package io.harveymq.broker.connection;

import io.harveymq.broker.node.AccessRegistry;
import io.harveymq.broker.node.ConnectionRegistry;
import io.harveymq.broker.vhost.HomeLoop;
import io.harveymq.broker.vhost.VirtualHost;
import io.harveymq.codec.ConnectionException;
import java.util.function.Consumer;

/**
 * A connection's entry in the node's registry: asks the node's loop for it, which may be another
 * thread, and takes it back in the end. Owned by the connection's loop.
 */
final class Admission {
  private final AccessRegistry registry;
  private final int mostOfNode;
  private ConnectionRegistry.Client client;

  /**
   * @param mostOfNode how many connections the broker takes; negative for no limit
   */
  Admission(AccessRegistry registry, int mostOfNode) {
    this.registry = registry;
    this.mostOfNode = mostOfNode;
  }

  /** Whom to admit where, and who hears what came of it. */
  record Request(
      ConnectionRegistry.Client client,
      String vhost,
      Consumer<VirtualHost> admitted,
      Consumer<ConnectionException> refused) {}

  /**
   * Asks for admission.
   *
   * @param loop the connection's, which gets the answer: at once if it is the node's, else in an
   *     event
   */
  void ask(Request request, HomeLoop loop) {
    client = request.client;
    if (loop == registry.nodeLoop()) {
      answer(request, Runnable::run);
      return;
    }
    registry.nodeLoop().execute(() -> answer(request, loop::execute));
  }

  private interface Answers {
    void give(Runnable answer);
  }

  /** On the node's loop. */
  private void answer(Request request, Answers answers) {
    try {
      VirtualHost vhost = registry.admit(request.client, request.vhost, mostOfNode);
      answers.give(() -> ifStillThere(() -> request.admitted.accept(vhost)));
    } catch (ConnectionException refusal) {
      answers.give(() -> ifStillThere(() -> request.refused.accept(refusal)));
    }
  }

  private void ifStillThere(Runnable answer) {
    if (client != null) {
      answer.run();
    }
  }

  /** The connection is done; without effect if it never asked. */
  void leave() {
    if (client == null) {
      return;
    }
    ConnectionRegistry.Client gone = client;
    client = null;
    if (registry.nodeLoop().loop().inLoop()) {
      registry.connections().leave(gone);
    } else {
      registry.nodeLoop().execute(() -> registry.connections().leave(gone));
    }
  }
}
