using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Bootstrapper.Tests.Support;

/// <summary>
/// A machine as far as the network goes (network_namespaces(7)): interfaces, addresses, ports and name server of its own.
/// </summary>
internal sealed partial class NetworkNamespace : IAsyncDisposable
{
    private const int NetworkKind = 0x40000000; // CLONE_NEWNET

    private static int _made;

    private NetworkNamespace(string name) => Name = name;

    /// <summary>At most 15 characters: links may be named after it.</summary>
    public string Name { get; }

    private string ConfigurationDirectory => $"/etc/netns/{Name}";

    public static async Task<NetworkNamespace> CreateAsync()
    {
        var number = Interlocked.Increment(ref _made);
        var made = new NetworkNamespace(string.Create(CultureInfo.InvariantCulture, $"rack{Environment.ProcessId}-{number}"));
        await Tool.OutputOfAsync("ip", "netns", "add", made.Name);
        await made.IpAsync("link set lo up");
        return made;
    }

    /// <summary>A cable between two of them, with an interface <c>eth0</c> at either end.</summary>
    /// <param name="address">With the length of its network.</param>
    public static async Task ConnectAsync(NetworkNamespace one, string address, NetworkNamespace other, string otherAddress)
    {
        await one.IpAsync($"link add eth0 type veth peer name eth0 netns {other.Name}");
        foreach (var (end, place) in new[] { (one, address), (other, otherAddress) })
        {
            await end.IpAsync($"address add {place} dev eth0");
            await end.IpAsync("link set eth0 up");
        }
    }

    /// <summary>A command that runs there, under the process id of the first program in it.</summary>
    public ProcessStartInfo Command(string program, params IEnumerable<string> arguments) =>
        new("ip", ["netns", "exec", Name, program, .. arguments]);

    public Task<string> OutputOfAsync(string program, params IEnumerable<string> arguments) =>
        Tool.OutputOfAsync(Command(program, arguments));

    /// <param name="arguments">Separated by spaces.</param>
    public Task IpAsync(string arguments) => Tool.OutputOfAsync("ip", ["-n", Name, .. arguments.Split(' ')]);

    /// <summary>Lets what runs there ask <paramref name="nameServer"/>, and leave out <paramref name="domain"/>.</summary>
    public void Resolve(IPAddress nameServer, string domain)
    {
        Directory.CreateDirectory(ConfigurationDirectory);
        File.WriteAllText(Path.Combine(ConfigurationDirectory, "resolv.conf"), $"nameserver {nameServer}\nsearch {domain}\n");
    }

    /// <summary>Processes that are alive there, whoever their parent is.</summary>
    public async Task<IReadOnlyList<int>> PidsAsync() =>
        [.. (await Tool.OutputOfAsync("ip", "netns", "pids", Name)).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => int.Parse(line, CultureInfo.InvariantCulture))];

    /// <summary>What is listened on there, one line for each socket.</summary>
    public Task<string> ListenersAsync() => OutputOfAsync("ss", "-Hlntu");

    /// <summary>A client that speaks from <paramref name="address"/>, which must be that machine's.</summary>
    /// <param name="tls">Whom it believes, where it speaks TLS.</param>
    public HttpClient Client(IPAddress address, Uri server, SslClientAuthenticationOptions? tls = null)
    {
        var handler = new SocketsHttpHandler
        {
            UseProxy = false,
            SslOptions = tls ?? new SslClientAuthenticationOptions(),
            ConnectCallback = async (context, cancellation) =>
            {
                var socket = Socket(SocketType.Stream, ProtocolType.Tcp);
                socket.Bind(new IPEndPoint(address, 0));
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        return new HttpClient(handler) { BaseAddress = server, Timeout = TimeSpan.FromSeconds(10) };
    }

    /// <summary>
    /// A socket stays in the network that the thread was in which made it (setns(2)). The thread does nothing else: what
    /// it would start, a worker of the pool for one, would be in that network too.
    /// </summary>
    public Socket Socket(SocketType type, ProtocolType protocol) => Socket(AddressFamily.InterNetwork, type, protocol);

    /// <inheritdoc cref="Socket(SocketType, ProtocolType)"/>
    public Socket Socket(AddressFamily family, SocketType type, ProtocolType protocol) =>
        In(() => new Socket(family, type, protocol));

    /// <summary>
    /// Makes or reads something on a thread in that network; <c>/proc/net</c> is <c>/proc/thread-self/net</c> there.
    /// </summary>
    public T In<T>(Func<T> act)
        where T : class
    {
        using var network = File.OpenHandle($"/run/netns/{Name}");
        T? result = null;
        var thread = new Thread(() => result = SetNamespace(network, NetworkKind) == 0 ? act() : null);
        thread.Start();
        thread.Join();
        return result ?? throw new InvalidOperationException($"cannot enter {Name}");
    }

    /// <summary>What a failed test left running there goes too.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var pid in await PidsAsync())
        {
            await Tool.RunAsync(new ProcessStartInfo("kill", ["-KILL", $"{pid}"]));
        }

        await Tool.OutputOfAsync("ip", "netns", "delete", Name);
        if (Directory.Exists(ConfigurationDirectory))
        {
            Directory.Delete(ConfigurationDirectory, recursive: true);
        }
    }

    [LibraryImport("libc", EntryPoint = "setns")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SetNamespace(SafeFileHandle network, int kind);
}
