using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Bootstrapper.Cluster;
using Bootstrapper.Tests.Program;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Dhcp;

/// <summary>
/// The scenario <c>racks</c> as it is wired: the server and rack A on one cable, rack B behind a router that relays, rack C on
/// VLAN 130 of that cable. Each rack is a machine that asks for many cards.
/// </summary>
[Trait("Category", "Slow")]
public sealed class RacksTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly MacAddress A1 = Mac(0x30_00_11), B1 = Mac(0x31_00_11), C1 = Mac(0x33_00_11),
        Stranger = Mac(0x99_00_01);

    private readonly TemporaryDirectory _directory = new();
    private readonly List<Process> _processes = [];
    private NetworkNamespace _server = null!, _router = null!, _a = null!, _b = null!, _c = null!;

    private Bsroot Bsroot => new(_directory.Path);

    private string Log => Path.Combine(_directory.Path, "log");

    public async ValueTask InitializeAsync()
    {
        (_server, _router) = (await NetworkNamespace.CreateAsync(), await NetworkNamespace.CreateAsync());
        (_a, _b, _c) = (await NetworkNamespace.CreateAsync(), await NetworkNamespace.CreateAsync(),
            await NetworkNamespace.CreateAsync());
        await _router.IpAsync("link add br0 type bridge");
        await _router.IpAsync("address add 10.30.0.254/24 dev br0");
        await _router.IpAsync("link set br0 up");
        foreach (var (machine, port) in new[] { (_server, "to-server"), (_a, "to-a"), (_c, "to-c") })
        {
            await CableAsync(machine, port);
            await _router.IpAsync($"link set {port} master br0");
        }

        await CableAsync(_b, "to-b");
        await _router.IpAsync("address add 10.31.0.254/24 dev to-b");
        await _router.OutputOfAsync("sysctl", "-qw", "net.ipv4.ip_forward=1");
        if (await HasVlansAsync(_server))
        {
            await _c.IpAsync("link add link eth0 name eth0.130 type vlan id 130");
        }
        else
        {
            await _c.IpAsync($"link add eth0.130 type veth peer name eth0.130 netns {_server.Name}");
        }

        await _c.IpAsync("link set eth0.130 up");
        await _server.IpAsync("link set eth0.130 up");

        await _server.IpAsync("address add 10.30.0.1/24 dev eth0");
        await _server.IpAsync("address add 10.33.0.1/24 dev eth0.130");
        await _server.IpAsync("route add 10.31.0.0/24 via 10.30.0.254");
        await GiveAsync(_a, "10.30.0.11/24", "eth0");
        await GiveAsync(_b, "10.31.0.11/24", "eth0");
        await GiveAsync(_c, "10.33.0.11/24", "eth0.130");
        await _a.IpAsync($"link set eth0 address {A1}");
        await _c.IpAsync($"link set eth0.130 address {C1}");
        await _b.IpAsync("route replace default via 10.31.0.254 dev eth0");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None);
            process.Dispose();
        }

        foreach (var machine in new[] { _a, _b, _c, _router, _server })
        {
            await machine.DisposeAsync();
        }

        _directory.Dispose();
    }

    [Theory(
        SkipUnless = nameof(ExternalTools.DnsmasqPresent), SkipType = typeof(ExternalTools), Skip = "dnsmasq is not installed")]
    [InlineData("dnsmasq")]
    [InlineData("built-in")]
    public async Task Each_rack_is_given_what_is_said_of_its_network(string engine)
    {
        Serve(engine);

        var offer = Ask(_a, "eth0", new DhcpClient(A1, 0));
        Assert.Equal(("10.30.0.11", "10.30.0.254"), (Told(offer), Address(offer, 3)));
        Assert.Equal(("10.30.0.1", "10.30.0.1"), (Address(offer, 54), $"{offer.NextServer}"));

        offer = Ask(_b, "eth0", new DhcpClient(B1, 0));
        Assert.Equal(("10.31.0.11", "10.31.0.254"), (Told(offer), Address(offer, 3)));
        Assert.Equal((TimeSpan.FromHours(2), "10.30.0.1"), (offer.Lease, $"{offer.NextServer}"));
        var script = Ask(_b, "eth0", new DhcpClient(B1, 0, UserClass: "iPXE")).File;
        Assert.Equal("http://10.30.0.1/start.ipxe", script);

        offer = Ask(_c, "eth0.130", new DhcpClient(C1, 0));
        Assert.Equal(("10.33.0.11", "10.33.0.1"), (Told(offer), $"{offer.NextServer}"));
        Assert.DoesNotContain((byte)3, offer.Options.Keys);
        script = Ask(_c, "eth0.130", new DhcpClient(C1, 0, UserClass: "iPXE")).File;
        Assert.Equal("http://10.33.0.1/start.ipxe", script);

        foreach (var (machine, card, start) in new[]
            { (_a, "eth0", "10.30.0."), (_b, "eth0", "10.31.0."), (_c, "eth0.130", "10.33.0.") })
        {
            Assert.StartsWith(start, Told(Ask(machine, card, new DhcpClient(Stranger, 0))), StringComparison.Ordinal);
        }

        await FetchAsync(engine);
    }

    /// <summary>What machines fetch: over the router, and from our address on the VLAN.</summary>
    private async Task FetchAsync(string engine)
    {
        Assert.Contains("http://10.30.0.1", await BodyAsync(_b, "http://10.30.0.1/discover.sh"), StringComparison.Ordinal);
        Assert.Contains("http://10.33.0.1", await BodyAsync(_c, "http://10.33.0.1/discover.sh"), StringComparison.Ordinal);
        Assert.Contains("URL=", await BodyAsync(_c, $"http://10.33.0.1/install.sh?mac={C1}"), StringComparison.OrdinalIgnoreCase);

        // Behind the router no card is seen: its address is what proves who it is.
        Assert.Contains("PRIVATE KEY", await BodyAsync(_b, $"http://10.30.0.1/cloud-config/{B1}"), StringComparison.Ordinal);
        var (refused, _) = await TryAsync(_b, $"http://10.30.0.1/cloud-config/{A1}");
        Assert.NotEqual(0, refused);
        await _b.IpAsync("address delete 10.31.0.11/24 dev eth0");
        await _b.IpAsync("address add 10.31.0.150/24 dev eth0");
        await _b.IpAsync("route replace default via 10.31.0.254 dev eth0");
        (refused, _) = await TryAsync(_b, $"http://10.30.0.1/cloud-config/{B1}");
        Assert.NotEqual(0, refused);

        // Nor does a lease there prove to be a node of another rack, whose card is asked for by name.
        var lease = Told(Take(_b, "eth0", new DhcpClient(A1, 0)));
        Assert.StartsWith("10.31.0.", lease, StringComparison.Ordinal);
        await _b.IpAsync("address delete 10.31.0.150/24 dev eth0");
        await _b.IpAsync($"address add {lease}/24 dev eth0");
        await _b.IpAsync("route replace default via 10.31.0.254 dev eth0");
        (refused, var said) = await TryAsync(_b, $"http://10.30.0.1/cloud-config/{A1}");
        Assert.NotEqual(0, refused);
        Assert.Contains("on another network than a1", said, StringComparison.Ordinal);
        Assert.Contains("PRIVATE KEY", await BodyAsync(_c, $"http://10.33.0.1/cloud-config/{C1}"), StringComparison.Ordinal);
        if (engine == "built-in")
        {
            Assert.Contains(
                "by the relay 10.31.0.254",
                await _server.OutputOfAsync(RunningProgram.FileName, "node", "log", "b1", "--bsroot", _directory.Path),
                StringComparison.Ordinal);
        }
    }

    private static MacAddress Mac(int number) => new(0x525400_000000UL + (ulong)number);

    /// <summary>A kernel without them has a cable in its place.</summary>
    private static async Task<bool> HasVlansAsync(NetworkNamespace machine) => (await Tool.RunAsync(
        new ProcessStartInfo("ip", $"-n {machine.Name} link add link eth0 name eth0.130 type vlan id 130"))).ExitCode == 0;

    private async Task CableAsync(NetworkNamespace machine, string port)
    {
        await _router.IpAsync($"link add {port} type veth peer name eth0 netns {machine.Name}");
        await _router.IpAsync($"link set {port} up");
        await machine.IpAsync("link set eth0 up");
        await machine.OutputOfAsync("ethtool", "-K", "eth0", "tx", "off");
    }

    private static async Task GiveAsync(NetworkNamespace machine, string address, string card)
    {
        await machine.IpAsync($"address add {address} dev {card}");
        await machine.IpAsync($"route add default dev {card}"); // broadcasts want one
    }

    private void Serve(string engine)
    {
        var described = new Scenario("racks").ClusterDescription + $"dhcp_server: {engine}\n";
        StandInRelease.Put(Bsroot);
        Bootstrapper.Bsroot.Write(Bsroot.Description, described);
        Run(_server, Log, RunningProgram.FileName, "serve", "--bsroot", _directory.Path);
        Run(
            _router,
            Path.Combine(_directory.Path, "relay"),
            "dnsmasq", "--no-daemon", "--conf-file=/dev/null", "--port=0", "--user=root", "--log-dhcp", "--bind-interfaces",
            $"--pid-file={_directory.Path}/relay.pid", "--dhcp-relay=10.31.0.254,10.30.0.1");
    }

    /// <remarks>What it says goes to a file: a pipe that nobody reads would stop it in the end.</remarks>
    private void Run(NetworkNamespace on, string log, params string[] command) =>
        _processes.Add(Process.Start(on.Command("sh", ["-c", "exec >\"$0\" 2>&1; exec \"$@\"", log, .. command]))!);

    /// <summary>Asks again until there is an answer: the server may have been started a moment ago.</summary>
    private DhcpMessage Ask(NetworkNamespace machine, string card, DhcpClient client) =>
        Ask(machine, card, client, () => DhcpMessage.Discover(client));

    /// <summary>And takes what it is offered.</summary>
    private DhcpMessage Take(NetworkNamespace machine, string card, DhcpClient client)
    {
        var offer = Ask(machine, card, client);
        var server = new IPAddress(offer.Options[54]);
        return Ask(machine, card, client, () => DhcpMessage.Take(client, offer.YourAddress, server));
    }

    private DhcpMessage Ask(NetworkNamespace machine, string card, DhcpClient client, Func<DhcpMessage> ask)
    {
        using var socket = machine.Socket(SocketType.Dgram, ProtocolType.Udp);
        socket.EnableBroadcast = true;
        socket.SetRawSocketOption(1, 25, [.. card.Select(sign => (byte)sign), 0]); // SO_BINDTODEVICE (socket(7))
        socket.Bind(new IPEndPoint(IPAddress.Any, 68));
        socket.ReceiveTimeout = 1000;
        var buffer = new byte[1500];
        for (var waiting = Stopwatch.StartNew(); waiting.Elapsed < Patience;)
        {
            var question = ask();
            socket.SendTo(question.Bytes, new IPEndPoint(IPAddress.Broadcast, 67));
            try
            {
                var answer = new DhcpMessage(buffer[..socket.Receive(buffer)]);
                if (answer.Transaction == question.Transaction)
                {
                    return answer;
                }
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock)
            {
                // not yet
            }
        }

        throw new TimeoutException($"no answer to {client.Mac} on {card}: {File.ReadAllText(Log)}");
    }

    private static string Told(DhcpMessage offer) => $"{offer.YourAddress}";

    private static string Address(DhcpMessage offer, byte code) => $"{new IPAddress(offer.Options[code])}";

    private static async Task<string> BodyAsync(NetworkNamespace machine, string url)
    {
        var (exitCode, body) = await TryAsync(machine, url);
        Assert.True(exitCode == 0, $"{url}: {body}");
        return body;
    }

    private static async Task<(int ExitCode, string Body)> TryAsync(NetworkNamespace machine, string url)
    {
        var done = await Tool.RunAsync(machine.Command("curl", "-sS", "--max-time", "20", "--fail-with-body", url));
        return (done.ExitCode, done.Output + done.Errors);
    }
}
