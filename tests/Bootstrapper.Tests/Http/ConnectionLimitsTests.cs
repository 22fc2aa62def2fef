using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Bootstrapper.Http;
using Bootstrapper.Tests.Support;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Bootstrapper.Tests.Http;

/// <summary>Whoever takes many connections, or reads nothing, leaves room for the others.</summary>
public sealed class ConnectionLimitsTests
{
    private static readonly IPAddress Greedy = IPAddress.Parse("10.0.0.66");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public void One_address_has_64_at_most_and_again_when_some_are_closed()
    {
        var limits = Limits(descriptors: 20_000);

        Assert.Equal(64, Enumerable.Range(0, 100).Count(_ => limits.TryEnter(Greedy)));
        Assert.True(limits.TryEnter(IPAddress.Parse("10.0.0.1")));
        limits.Leave(Greedy);

        Assert.Equal([true, false], [limits.TryEnter(Greedy), limits.TryEnter(Greedy)]);
        Assert.Contains(KeyValuePair.Create("address", 37L), limits.Refused);
    }

    [Fact]
    public void A_few_greedy_addresses_leave_a_quarter_to_the_others_and_a_part_of_the_descriptors_to_all_else()
    {
        var limits = Limits(descriptors: 1024);
        Assert.Equal(384, limits.MostOfAll);

        var taken = Enumerable.Range(1, 10).Sum(host => Enumerable.Range(0, 100).Count(_ => limits.TryEnter(Address(host))));

        Assert.InRange(taken, 288, 320);
        Assert.True(limits.TryEnter(Address(200)));
    }

    [Fact]
    public void However_many_addresses_come_there_is_an_end_but_not_for_this_machine()
    {
        var limits = Limits(descriptors: 1024);

        Assert.Equal(336, Enumerable.Range(0, 1000).Count(host => limits.TryEnter(Address(host))));

        Assert.Contains(KeyValuePair.Create("reserved", 664L), limits.Refused);
        Assert.True(limits.TryEnter(IPAddress.Loopback));
    }

    [Fact]
    public void The_last_connections_are_for_nodes_and_before_them_some_for_networks_of_operators()
    {
        var (nodes, operators) = (IPAddress.Parse("192.0.2.0"), IPAddress.Parse("198.51.100.0"));
        var asked = 0;
        var limits = Limits(descriptors: 1024, address =>
        {
            asked++;
            return IsIn(nodes, address) ? Standing.Node
                : IsIn(operators, address) ? Standing.OperatorsNetwork
                : Standing.Stranger;
        });

        int Let(Func<int, IPAddress> address) => Enumerable.Range(0, 200).Count(host => limits.TryEnter(address(host)));

        Assert.Equal(336, Enumerable.Range(0, 336).Count(host => limits.TryEnter(Address(host))));
        Assert.Equal(0, asked);
        Assert.Equal((0, 24, 0), (Let(host => Address(500 + host)), Let(host => In(operators, host)), Let(Address)));
        Assert.Equal((24, 0), (Let(host => In(nodes, host)), Let(host => In(nodes, host))));
        Assert.Contains(KeyValuePair.Create("total", 376L), limits.Refused);

        limits.Leave(In(nodes, 1));
        Assert.Equal((false, true), (limits.TryEnter(Address(0)), limits.TryEnter(In(nodes, 1))));
    }

    /// <summary>ss(8) shows the backlog as Send-Q; what is accepted takes over the listener's TCP_SYNCNT.</summary>
    [Fact]
    public async Task There_is_room_for_thousands_that_never_open_and_it_is_free_again_soon()
    {
        await using var listener = await ListenAsync();
        var port = ((IPEndPoint)listener.EndPoint).Port;
        var most = int.Parse(
            await File.ReadAllTextAsync("/proc/sys/net/core/somaxconn", Cancellation), CultureInfo.InvariantCulture);
        var listening = ExternalTools.Output("ss", ["-Hltn", $"sport = :{port}"])
            .Split(' ', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal($"{Math.Min(most, LimitedTransport.MostHalfOpen)}", listening[2]);

        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.EndPoint, Cancellation);
        await using var connection = (await listener.AcceptAsync(Cancellation))!;
        var retries = new byte[sizeof(int)];
        connection.Features.Get<IConnectionSocketFeature>()!.Socket.GetRawSocketOption((int)SocketOptionLevel.Tcp, 7, retries);
        Assert.Equal(LimitedTransport.Retries, BitConverter.ToInt32(retries));
    }

    private static async Task<IConnectionListener> ListenAsync() => await new LimitedTransport(
        Options.Create(new SocketTransportOptions()),
        NullLoggerFactory.Instance,
        _ => true,
        Limits(1024),
        TimeSpan.FromSeconds(1)).BindAsync(new IPEndPoint(IPAddress.Loopback, 0), Cancellation);

    [Fact]
    public async Task A_reader_that_reads_nothing_is_cut()
    {
        await using var listener = await ListenAsync();
        using var reader = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await reader.ConnectAsync(listener.EndPoint, Cancellation);
        await using var connection = (await listener.AcceptAsync(Cancellation))!;

        var writing = WriteForeverAsync(connection);

        await Eventually.True(() => writing.IsCompleted && connection.ConnectionClosed.IsCancellationRequested);
        await listener.UnbindAsync(Cancellation);
    }

    /// <summary>Returns when nobody takes it any more.</summary>
    private static async Task WriteForeverAsync(ConnectionContext connection)
    {
        while (!(await connection.Transport.Output.WriteAsync(new byte[64 * 1024], Cancellation)).IsCompleted)
        {
        }
    }

    [Theory]
    [InlineData("GET /healthz HTTP/1.1\nHost: x\n\n", "400")]
    [InlineData("GET /healthz HTTP/1.1\r\nHost: x\r\nX: y\n\r\n", "400")]
    [InlineData("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n", "200")]
    public async Task A_line_ends_with_both_characters_or_it_is_none(string request, string status)
    {
        await using var daemon = await TestDaemon.StartAsync(Sample.Cluster(Sample.Node(1)));
        using var client = new TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, daemon.Port, Cancellation);
        client.Client.Send(System.Text.Encoding.ASCII.GetBytes(request));

        using var answer = new StreamReader(client.GetStream());
        Assert.StartsWith($"HTTP/1.1 {status} ", await answer.ReadLineAsync(Cancellation), StringComparison.Ordinal);
    }

    private static IPAddress In(IPAddress network, int host) => new([.. network.GetAddressBytes()[..3], (byte)host]);

    private static bool IsIn(IPAddress network, IPAddress address) => In(address, 0).Equals(network);

    private static ConnectionLimits Limits(long descriptors, Func<IPAddress, Standing>? standingOf = null) =>
        new(descriptors, standingOf ?? (_ => Standing.Stranger), TimeProvider.System, NullLogger<ConnectionLimits>.Instance);

    private static IPAddress Address(int host) => new([10, 0, (byte)(host / 250), (byte)((host % 250) + 1)]);
}
