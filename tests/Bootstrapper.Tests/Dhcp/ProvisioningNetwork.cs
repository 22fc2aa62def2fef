using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.InForce;
using Bootstrapper.Rendering;
using Bootstrapper.Tests.Program;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Dhcp;

/// <summary>Two machines and a cable: a real DHCP server at 10.88.0.1, and whoever asks it.</summary>
public abstract class ProvisioningNetwork : IAsyncLifetime
{
    private protected static readonly IPAddress Server = IPAddress.Parse("10.88.0.1");

    private static readonly IPAddress Client = IPAddress.Parse("10.88.0.2");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory = new();
    private NetworkNamespace _servers = null!, _clients = null!;
    private Socket _socket = null!;
    private int _clientIndex;
    private Process? _process;

    private protected ProvisioningNetwork()
    {
    }

    private protected string Log => Path.Combine(_directory.Path, "log");

    private protected Bsroot Bsroot => new(_directory.Path);

    public async ValueTask InitializeAsync()
    {
        (_servers, _clients) = (await NetworkNamespace.CreateAsync(), await NetworkNamespace.CreateAsync());
        await NetworkNamespace.ConnectAsync(_servers, $"{Server}/24", _clients, $"{Client}/24");
        foreach (var machine in new[] { _servers, _clients })
        {
            await machine.IpAsync("route add default dev eth0"); // broadcasts want one
        }

        async Task<string> OfClientAsync(string name) =>
            (await _clients.OutputOfAsync("cat", $"/sys/class/net/eth0/{name}")).Trim();
        ClientCard = MacAddress.Parse(await OfClientAsync("address"), null);
        _clientIndex = int.Parse(await OfClientAsync("ifindex"), CultureInfo.InvariantCulture);
        _socket = _clients.Socket(SocketType.Dgram, ProtocolType.Udp);
        _socket.EnableBroadcast = true;
        _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _socket.Bind(new IPEndPoint(IPAddress.Any, 68));
        _socket.ReceiveTimeout = 500;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } server)
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync(CancellationToken.None);
            server.Dispose();
        }

        _socket.Dispose();
        await _servers.DisposeAsync();
        await _clients.DisposeAsync();
        _directory.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected static Node Node(int number, BootLoader loader) => new()
    {
        Mac = Mac(number),
        HostName = $"n{number}",
        Channel = "stable",
        BootLoader = loader,
    };

    private protected static MacAddress Mac(int number) => new(0x525400880000UL + (ulong)number);

    private protected static ClusterDescription Cluster(DhcpMode mode, params Node[] nodes) => new()
    {
        Bootstrapper = Server,
        Interface = "eth0",
        DomainName = "lab.test",
        Network = new Network
        {
            Subnet = IPNetwork.Parse("10.88.0.0/24"),
            Broadcast = IPAddress.Parse("10.88.0.255"),
            NameServers = [Server],
            Range = new DhcpRange(IPAddress.Parse("10.88.0.100"), IPAddress.Parse("10.88.0.199")),
        },
        Dhcp = new DhcpSettings
        {
            Mode = mode,
        },
        UnknownNodes = UnknownNodes.Discover,
        Nodes = nodes,
    };

    private protected Snapshot Snapshot(ClusterDescription cluster) => new(cluster, Bsroot, TemplateSet.Of([]));

    /// <summary>Whichever of our servers is asked for, with what it is told of a description.</summary>
    /// <param name="ours">Whether dnsmasq is run by the program, too.</param>
    private protected void Serve(ClusterDescription cluster, bool ours = false)
    {
        if (ours || Engine(cluster) == DhcpEngine.BuiltIn)
        {
            Describe(cluster);
            Run(RunningProgram.FileName, "serve", "--bsroot", Bsroot.Root);
        }
        else
        {
            RunDnsmasq(cluster);
        }
    }

    /// <summary>Another description takes its place, or the same one, as if its file had changed.</summary>
    private protected void ServeInstead(ClusterDescription cluster)
    {
        if (Engine(cluster) == DhcpEngine.BuiltIn)
        {
            Describe(cluster);
        }
        else
        {
            ArtifactWriter.Write(Bsroot, Snapshot(cluster).Artifacts());
        }

        Reread();
    }

    /// <summary>That of the interface that the tests ask from.</summary>
    private protected MacAddress ClientCard { get; private set; }

    private protected Socket ServerSocket() => _servers.Socket(SocketType.Dgram, ProtocolType.Udp);

    /// <summary>What comes in to the machine that asks, from the Ethernet header on.</summary>
    private protected Socket ClientWire()
    {
        var wire = _clients.Socket(AddressFamily.Packet, SocketType.Raw, ProtocolType.Unspecified);
        wire.ReceiveTimeout = 5000;
        wire.Bind(new LinkAddress(_clientIndex, 0x0800));
        return wire;
    }

    private protected static ClusterDescription By(object engine, ClusterDescription cluster) =>
        cluster with { Dhcp = cluster.Dhcp with { Engine = (DhcpEngine)engine } };

    /// <summary>A program that the server runs, by its name.</summary>
    private protected async Task<int> ChildAsync(string name) =>
        (await _servers.PidsAsync()).Single(pid => NameOf(pid) == name);

    /// <returns><c>null</c> where it has ended since.</returns>
    private static string? NameOf(int pid)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/comm").Trim();
        }
        catch (IOException)
        {
            return null;
        }
    }

    private protected bool HasEnded => _process!.HasExited;

    private protected void RequestStop() => Signal.RequestStop(_process!);

    /// <summary>Ends the server as a power cut would.</summary>
    private protected async Task KillAsync()
    {
        foreach (var pid in await _servers.PidsAsync())
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
        }

        await _process!.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    /// <summary>dnsmasq with what is rendered for it.</summary>
    private protected void RunDnsmasq(ClusterDescription cluster)
    {
        Directory.CreateDirectory(Bsroot.TftpRoot);
        ArtifactWriter.Write(Bsroot, Snapshot(cluster).Artifacts());
        Run(
            "dnsmasq",
            "--keep-in-foreground",
            "--log-facility=-",
            "--user=root",
            "--pid-file=",
            $"--conf-file={Bsroot.DnsmasqConf}");
    }

    private static DhcpEngine Engine(ClusterDescription cluster) => cluster.Dhcp.Engine;

    /// <summary>The same in the operator's words, as far as the tests go.</summary>
    private void Describe(ClusterDescription cluster)
    {
        string Word(object value) => value.ToString()!.ToLowerInvariant();
        var nodes = cluster.Nodes.Select((node, i) => $"  - {{mac: \"{node.Mac}\", hostname: {node.HostName}, "
            + (node.Ip is null ? "" : $"ip: {node.Ip}, ")
            + (node.BootLoader == BootLoader.Shim
                ? "secure_boot: y, boot: {kernel: vmlinuz}, "
                : node.BootLoader == BootLoader.Uki ? "secure_boot: uki, "
                : $"boot_loader: {Word(node.BootLoader)}, ")
            + $"kube_master: {(i == 0 ? "y" : "n")}, etcd_member: {(i == 0 ? "y" : "n")}}}");
        var networks = cluster.Networks.Skip(1).Select(network => $"  - {{name: {network.Name}, subnet: {network.Subnet}, "
            + $"bootstrapper: {network.Bootstrapper}, iplow: {network.Range!.Low}, iphigh: {network.Range.High}}}");
        Write(Bsroot.DescriptionName, $"""
            bootstrapper: {cluster.Bootstrapper}
            interface: {cluster.Interface}
            domainname: {cluster.DomainName}
            subnet: {cluster.Network.Subnet}
            iplow: {cluster.Network.Range!.Low}
            iphigh: {cluster.Network.Range.High}
            dhcp_server: {(Engine(cluster) == DhcpEngine.BuiltIn ? "built-in" : "dnsmasq")}
            os:
              signing_key: vendor.asc
            boot_loader: {Word(cluster.BootLoader)}
            unknown_nodes: {Word(cluster.UnknownNodes)}
            ssh_authorized_keys: |
              ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExample0 test
            {(cluster.Networks.Count == 1 ? "" : "networks:")}
            {string.Join('\n', networks)}
            nodes:
            {string.Join('\n', nodes)}
            """);
    }

    /// <param name="verb"><c>add</c> or <c>delete</c>: on the servers' interface.</param>
    private protected Task AddressAsync(string verb, string address) => _servers.IpAsync($"address {verb} {address} dev eth0");

    private protected string Write(string name, string content)
    {
        Bsroot.Write(Bsroot.At(name), content);
        return Bsroot.At(name);
    }

    /// <remarks>What it says goes to a file: a pipe that nobody reads would stop it in the end.</remarks>
    private protected void Run(params string[] command) =>
        _process = Process.Start(_servers.Command("sh", ["-c", "exec >\"$0\" 2>&1; exec \"$@\"", Log, .. command]));

    private protected DhcpMessage Discover(DhcpClient client) =>
        Ask(DhcpMessage.Discover(client), new IPEndPoint(IPAddress.Broadcast, 67));

    /// <summary>A machine asks once, and takes what it is offered.</summary>
    /// <returns>What was given it; <c>null</c> for no answer.</returns>
    private protected DhcpMessage? TakeAddress(DhcpClient client) =>
        AskOnce(DhcpMessage.Discover(client)) is { } offer ? AskOnce(DhcpMessage.Take(client, offer.YourAddress, Server)) : null;

    /// <summary>As a machine that gets no answer: a flood, or a busy disk, may be in the way of this one.</summary>
    private protected static DhcpMessage? Patiently(Func<DhcpMessage?> ask) =>
        Enumerable.Range(0, 10).Select(_ => ask()).FirstOrDefault(answer => answer is not null);

    /// <summary>It asks to keep what it has.</summary>
    private protected DhcpMessage? Renew(DhcpClient client, IPAddress own) => AskOnce(DhcpMessage.Renew(client, own));

    private protected DhcpMessage? DiscoverOnce(DhcpClient client) => AskOnce(DhcpMessage.Discover(client));

    /// <summary>Nobody answers this.</summary>
    private protected void Decline(DhcpClient client, IPAddress address) => Send(DhcpMessage.Decline(client, address, Server));

    private protected DhcpMessage? AskOnce(DhcpMessage question)
    {
        var buffer = new byte[1500];
        Send(question);
        while (Receive(buffer) is { } answer)
        {
            if (answer.Transaction == question.Transaction)
            {
                return answer;
            }
        }

        return null;
    }

    private protected void Send(DhcpMessage message) =>
        _socket.SendTo(message.Bytes, new IPEndPoint(IPAddress.Broadcast, 67));

    /// <param name="state"><c>up</c> or <c>down</c>: of the servers' interface.</param>
    private protected Task LinkAsync(string state) => _servers.IpAsync($"link set eth0 {state}");

    /// <summary>How the program says that its parts are.</summary>
    private protected Task<string> ReadyAsync() => _servers.OutputOfAsync("curl", "-s", $"http://{Server}/readyz");

    /// <summary>As dnsmasq is told of a changed file.</summary>
    private protected void Reread() => Signal.RequestReload(_process!);

    private protected DhcpMessage AskBootServer(DhcpClient client) =>
        Ask(DhcpMessage.BootServerRequest(client, Client), new IPEndPoint(Server, 4011));

    /// <summary>Asks again until there is an answer: the server may have been started a moment ago.</summary>
    private DhcpMessage Ask(DhcpMessage question, IPEndPoint server)
    {
        var buffer = new byte[1500];
        for (var waiting = Stopwatch.StartNew(); waiting.Elapsed < Patience;)
        {
            if (_process!.HasExited)
            {
                Assert.Fail($"the DHCP server ended: {File.ReadAllText(Log)}");
            }

            _socket.SendTo(question.Bytes, server);
            while (Receive(buffer) is { } answer)
            {
                if (answer.Transaction == question.Transaction)
                {
                    return answer;
                }
            }
        }

        throw new TimeoutException($"no answer: {File.ReadAllText(Log)}");
    }

    private DhcpMessage? Receive(byte[] buffer)
    {
        try
        {
            return new DhcpMessage(buffer[.._socket.Receive(buffer)]);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.TimedOut
            or SocketError.WouldBlock or SocketError.ConnectionRefused)
        {
            return null;
        }
    }
}
