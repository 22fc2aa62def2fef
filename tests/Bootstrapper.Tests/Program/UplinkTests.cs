using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>
/// What is answered on a network that the description does not name, and that the server is on as well: nothing. Linux would
/// answer there for the server's address on the machines' network.
/// </summary>
[Collection(OneAfterTheOther.Name)]
public sealed partial class UplinkTests : RackTests
{
    private static readonly RackNode Node = new(1);

    /// <summary>Of the machines' network, and taken by somebody on the uplink.</summary>
    private static readonly IPAddress Spoofed = IPAddress.Parse("10.77.70.7");

    [RackFact]
    public async Task On_an_uplink_nothing_answers_also_where_it_appears_later_and_whoever_is_there()
    {
        Rack.Describe([Node]);
        await using var program = await StartAsync();
        var outside = await Rack.PlugIntoUplinkAsync();
        await outside.IpAsync($"address add {Spoofed}/32 dev eth0");
        await Rack.Server.IpAsync($"route add {Spoofed}/32 dev uplink");
        await NodesAreAnsweredAsync();

        foreach (var from in new[] { Rack.Outside, Spoofed })
        {
            Assert.All([80, 443, 5000], port => Assert.True(IsClosed(outside, from, port), $"{from} {port}"));
            Assert.Equal((false, false), (IsAnswered(outside, from, 53, Question), IsAnswered(outside, from, 69, TftpRequest)));
            Assert.True(IsClosed(outside, from, 53, [0, (byte)Question.Length, .. Question]));
        }

        await NodesAreAnsweredAsync();
        await program.SaysAsync($"Closed a connection of {Rack.Outside} to port 80 that came in by uplink");
        Assert.Single(program.Lines, line => line.Contains("Closed a connection of", StringComparison.Ordinal));
        using var monitoring = Rack.From(Node.Address);
        var metrics = await monitoring.GetStringAsync(new Uri("metrics", UriKind.Relative), Cancellation);
        Assert.Equal("6", RefusedSources().Match(metrics).Groups["count"].Value);
    }

    [RackFact]
    public async Task Operators_are_answered_from_where_the_description_says_and_only_on_their_ports()
    {
        Rack.Describe([Node]);
        await using var program = await StartAsync();
        var outside = await Rack.PlugIntoUplinkAsync();
        Assert.True(IsClosed(outside, Rack.Outside, 443));

        Rack.Describe([Node], $"operators_from: [198.51.100.0/24, {Rack.Outside}/32]");
        await Eventually.True(async () =>
            (await WhoamiAsync(outside))?.Contains("\"role\":\"admin\"", StringComparison.Ordinal) is true);
        using var operators = new RegistryGuest(Rack, outside, Rack.Outside, AdminToken);
        Assert.Equal(HttpStatusCode.OK, await operators.StatusAsync(HttpMethod.Get, "_catalog"));
        using var nobody = new RegistryGuest(Rack, outside, Rack.Outside);
        Assert.Equal(HttpStatusCode.Unauthorized, await nobody.StatusAsync(HttpMethod.Get, "a/manifests/1"));
        Assert.True(IsClosed(outside, Rack.Outside, 80));

        Rack.Describe([Node]);
        await Eventually.True(() => IsClosed(outside, Rack.Outside, 443));
    }

    /// <summary>As when an operator makes the interface a port of a bridge.</summary>
    [RackFact]
    public async Task Where_the_servers_address_goes_to_another_interface_it_is_served_there()
    {
        Rack.Describe([Node]);
        await using var program = await StartAsync();
        await Rack.Server.IpAsync("link add bridge type bridge");
        await Rack.Server.IpAsync($"address delete {Rack.ServerAddress}/16 dev eth0");
        await Rack.Server.IpAsync("link set eth0 master bridge");
        await Rack.Server.IpAsync("link set bridge up");
        await Rack.Server.IpAsync($"address add {Rack.ServerAddress}/16 dev bridge");

        await Eventually.True(async () => await Task.Run(() => IsAnswered(Rack.Machines, Node.Address, 53, Question)));
        await NodesAreAnsweredAsync();
        await program.ReadyAsync();
    }

    /// <summary>A cable that is pulled, an address that somebody takes away for a while.</summary>
    [RackFact]
    public async Task What_the_network_takes_away_is_served_again_once_it_is_back()
    {
        var leased = new RackNode(2, Leased: true);
        Rack.Describe([Node, leased]);
        await using var program = await StartAsync();
        var machine = await Rack.PlugInAsync(leased.Mac);
        foreach (var (away, back) in new[]
        {
            ($"address delete {Rack.ServerAddress}/16 dev eth0", $"address add {Rack.ServerAddress}/16 dev eth0"),
            ("link set eth0 down", "link set eth0 up"),
        })
        {
            await Rack.Server.IpAsync(away);
            await Eventually.True(() => !IsAnswered(Rack.Machines, Node.Address, 53, Question));
            await Rack.Server.IpAsync(back);
            await Eventually.True(async () => await Task.Run(() => IsAnswered(Rack.Machines, Node.Address, 53, Question)));
            await program.AnswersAsync();
            await NodesAreAnsweredAsync();
            using var guest = new RegistryGuest(Rack, Rack.Machines, Node.Address);
            Assert.Equal(HttpStatusCode.NotFound, await guest.StatusAsync(HttpMethod.Get, "nothing/manifests/1"));
            await DhcpClient.LeaseAsync(machine);
        }

        await program.ReadyAsync();
    }

    private string AdminToken => File.ReadAllText(Rack.Bsroot.AdminToken).Trim();

    private async Task NodesAreAnsweredAsync()
    {
        Assert.True(IsAnswered(Rack.Machines, Node.Address, 53, Question));
        Assert.True(IsAnswered(Rack.Machines, Node.Address, 69, TftpRequest));
        using var client = Rack.From(Node.Address);
        var script = await client.GetStringAsync(new Uri("boot.ipxe", UriKind.Relative), Cancellation);
        Assert.StartsWith("#!ipxe", script, StringComparison.Ordinal);
    }

    /// <returns><c>null</c> where the connection is closed.</returns>
    private async Task<string?> WhoamiAsync(NetworkNamespace where)
    {
        using var client = where.Client(
            Rack.Outside, new Uri($"https://{Rack.ServerAddress}"), RegistryGuest.Believing(Rack.Bsroot.CaCertificate));
        client.DefaultRequestHeaders.Authorization = new("Bearer", AdminToken);
        try
        {
            return await client.GetStringAsync(new Uri("api/v1/whoami", UriKind.Relative), Cancellation);
        }
        catch (Exception e) when (e is HttpRequestException { StatusCode: null } or SocketException)
        {
            return null; // .NET's client asks for the other end's address first, and of a closed connection that throws as it is
        }
    }

    /// <summary>Whether a connection ends without a byte for us.</summary>
    private static bool IsClosed(NetworkNamespace where, IPAddress from, int port, byte[]? request = null)
    {
        using var socket = Bound(where, from, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(Rack.ServerAddress, port);
            socket.Send(request ?? Encoding.ASCII.GetBytes("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"));
            return socket.Receive(new byte[1]) == 0;
        }
        catch (SocketException e)
        {
            return e.SocketErrorCode is SocketError.ConnectionReset or SocketError.ConnectionRefused or SocketError.Shutdown;
        }
    }

    private static bool IsAnswered(NetworkNamespace where, IPAddress from, int port, byte[] request)
    {
        using var socket = Bound(where, from, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            socket.SendTo(request, new IPEndPoint(Rack.ServerAddress, port));
            EndPoint server = new IPEndPoint(IPAddress.Any, 0);
            return socket.ReceiveFrom(new byte[1024], ref server) > 0;
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.TimedOut or SocketError.ConnectionRefused)
        {
            return false;
        }
    }

    private static Socket Bound(NetworkNamespace where, IPAddress from, SocketType type, ProtocolType protocol)
    {
        var socket = where.Socket(type, protocol);
        socket.ReceiveTimeout = 1500;
        socket.Bind(new IPEndPoint(from, 0));
        return socket;
    }

    /// <summary>The address of <c>bootstrapper</c> (RFC 1035, 4.1).</summary>
    private static byte[] Question { get; } =
        [7, 7, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 12, .. "bootstrapper"u8, 0, 0, 1, 0, 1];

    /// <summary>RFC 1350, 5: what firmware asks for first.</summary>
    private static byte[] TftpRequest { get; } = [0, 1, .. "undionly.kpxe"u8, 0, .. "octet"u8, 0];

    [GeneratedRegex(
        "^bootstrapper_connections_refused_total\\{reason=\"source\"\\} (?<count>[0-9]+)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex RefusedSources();
}
