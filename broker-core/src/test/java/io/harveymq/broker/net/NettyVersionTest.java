package io.harveymq.broker.net;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Who embeds a broker beside an older Netty is told so. */
class NettyVersionTest {
  /** Knows no class of Netty's that came with 4.2. */
  private static final class WithOlderNetty extends ClassLoader {
    WithOlderNetty() {
      super(NettyVersionTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.startsWith("io.netty.channel.IoHandler")) {
        throw new ClassNotFoundException(name);
      }
      return super.loadClass(name, resolve);
    }
  }

  @Test
  void anOlderOneIsNamedWithTheRemedy() {
    assertThat(NettyVersion.unfit(new WithOlderNetty()))
        .startsWith("Netty 4.2 is needed, and the class path has 4.")
        .contains("<netty.version>" + pinned() + "</netty.version>");
  }

  private static String pinned() {
    return io.netty.util.Version.identify().get("netty-common").artifactVersion();
  }

  @Test
  void theOneHereWillDo() {
    assertThat(NettyVersion.unfit(NettyVersionTest.class.getClassLoader())).isNull();
  }
}
