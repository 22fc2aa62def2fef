using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Bootstrapper.Cluster;
using Bootstrapper.Rendering;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Dhcp;

/// <summary>Two machines and a cable: a real DHCP server at 10.88.0.1, and whoever asks it.</summary>
public abstract class ProvisioningNetwork : IDisposable
{
    private static readonly IPAddress Server = IPAddress.Parse("10.88.0.1"), Client = IPAddress.Parse("10.88.0.2");
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly TemporaryDirectory _directory = new();
    private readonly NetworkNamespace _servers = new(), _clients = new();
    private readonly Lazy<Socket> _socket;
    private Process? _process;

    private protected ProvisioningNetwork()
    {
        NetworkNamespace.Connect(_servers, "10.88.0.1/24", _clients, "10.88.0.2/24");
        _socket = new Lazy<Socket>(() =>
        {
            var socket = _clients.UdpSocket();
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
            socket.Bind(new IPEndPoint(IPAddress.Any, 68));
            socket.ReceiveTimeout = 500;
            return socket;
        });
    }

    private string Log => Path.Combine(_directory.Path, "log");

    private protected Bsroot Bsroot => new(_directory.Path);

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
        Network = new Network { Subnet = IPNetwork.Parse("10.88.0.0/24"), Broadcast = IPAddress.Parse("10.88.0.255"), NameServers = [Server] },
        Dhcp = new DhcpSettings { Mode = mode, Range = new DhcpRange(IPAddress.Parse("10.88.0.100"), IPAddress.Parse("10.88.0.199")) },
        Nodes = nodes,
    };

    private protected Snapshot Snapshot(ClusterDescription cluster) => new(cluster, Bsroot, TemplateSet.BuiltIn());

    /// <summary>dnsmasq with what is rendered for it.</summary>
    private protected void RunDnsmasq(ClusterDescription cluster)
    {
        Directory.CreateDirectory(Bsroot.TftpRoot);
        ArtifactWriter.Write(Bsroot, Snapshot(cluster).Artifacts());
        Run("dnsmasq", "--keep-in-foreground", "--log-facility=-", "--user=root", "--pid-file=", $"--conf-file={Bsroot.DnsmasqConf}");
    }

    private protected string Write(string name, string content)
    {
        Bsroot.Write(Bsroot.At(name), content);
        return Bsroot.At(name);
    }

    private protected void Run(params string[] command) => _process = _servers.Start(Log, command);

    private protected DhcpMessage Discover(DhcpClient client) => Ask(DhcpMessage.Discover(client), new IPEndPoint(IPAddress.Broadcast, 67));

    private protected DhcpMessage AskBootServer(DhcpClient client) => Ask(DhcpMessage.BootServerRequest(client, Client), new IPEndPoint(Server, 4011));

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

            _socket.Value.SendTo(question.Bytes, server);
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
            return new DhcpMessage(buffer[.._socket.Value.Receive(buffer)]);
        }
        catch (SocketException e) when (e.SocketErrorCode is SocketError.TimedOut or SocketError.WouldBlock or SocketError.ConnectionRefused)
        {
            return null;
        }
    }

    public void Dispose()
    {
        if (_socket.IsValueCreated)
        {
            _socket.Value.Dispose();
        }

        _process?.Kill(entireProcessTree: true);
        _process?.WaitForExit();
        _process?.Dispose();
        _servers.Dispose();
        _clients.Dispose();
        _directory.Dispose();
        GC.SuppressFinalize(this);
    }
}
