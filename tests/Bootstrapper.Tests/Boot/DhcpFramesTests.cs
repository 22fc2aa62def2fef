using System.Net.Sockets;
using Bootstrapper.Boot;
using Bootstrapper.Host;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Boot;

/// <summary>On an interface in a network of its own.</summary>
public sealed class DhcpFramesTests : IAsyncLifetime
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private NetworkNamespace _host = null!;

    public async ValueTask InitializeAsync()
    {
        _host = await NetworkNamespace.CreateAsync();
        await _host.IpAsync("link add va type veth peer name vb");
        await _host.IpAsync("link set va up");
        await _host.IpAsync("link set vb up");
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    /// <summary>The kernel tells of it once, to who receives; to wait for a frame alone would go on without end.</summary>
    [Fact]
    public async Task That_the_interface_is_down_is_told()
    {
        var bell = new Bell();
        using var frames = _host.In(() => new DhcpFrames(
            LocalInterface.All().Single(local => local.Name == "va").Index, static _ => true, bell));
        await _host.IpAsync("link set va down");
        await Assert.ThrowsAsync<SocketException>(
            () => frames.Cards.Completion.WaitAsync(Soon, TestContext.Current.CancellationToken));
        await bell.Rung.WaitAsync(Soon, TestContext.Current.CancellationToken);
    }
}
