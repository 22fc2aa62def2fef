using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>More connections than there are file descriptors, from machines that are no nodes.</summary>
[Collection(OneAfterTheOther.Name)]
public sealed partial class FloodTests : RackTests
{
    private const string GetLargeFile = "GET /large HTTP/1.1\r\nHost: x\r\n\r\n";

    private static readonly RackNode Node = new(1), Own = new(2) { Network = 66 }, Taken = new(3) { Network = 66 };

    private readonly List<Socket> _sockets = [];

    public override async ValueTask DisposeAsync()
    {
        HangUp();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [RackFact]
    public async Task Idle_connections_slow_headers_and_readers_that_read_nothing_keep_no_node_from_reporting()
    {
        Rack.Describe([Node]);
        PutLargeFile();
        await using var program = RunningProgram.Start(Rack, Rack.Server.Command(
            "prlimit", "--nofile=256:1024", "--", RunningProgram.FileName, "serve", "--bsroot", Rack.Bsroot.Root));
        await program.ReadyAsync();
        var (children, before) = (program.ChildPids().ToList(), Descriptors(program));
        Assert.Matches("Max open files +1024 +1024 ", await File.ReadAllTextAsync($"/proc/{program.Pid}/limits", Cancellation));

        Connect(9, 1000, "", port: 5000);
        foreach (var (from, count, request) in new[]
        {
            (1, 1000, ""),
            (2, 1000, ""),
            (3, 300, "GET / HTTP/1.1\r\nHost: x\r\nX-a: "),
            (4, 300, GetLargeFile),
            (5, 300, ""),
            (6, 300, ""),
            (7, 300, ""),
            (8, 300, ""),
        })
        {
            Connect(from, count, request);
        }

        await NodeIsServedAsync();
        Assert.InRange(Descriptors(program.PidOf("registry")), 1, 100);
        using (var guest = new RegistryGuest(Rack, Rack.Machines, Node.Address))
        {
            Assert.Equal(HttpStatusCode.NotFound, await guest.StatusAsync(HttpMethod.Get, "nothing/manifests/1"));
        }

        Assert.Equal(children, program.ChildPids());
        Assert.All(children, pid => Assert.True(ProcessTable.IsAlive(pid)));
        using (var monitoring = Rack.From(Node.Address))
        {
            var metrics = await monitoring.GetStringAsync(new Uri("metrics", UriKind.Relative), Cancellation);
            var refused = RefusedPerAddress().Match(metrics).Groups["count"].Value;
            Assert.True(int.Parse(refused, CultureInfo.InvariantCulture) >= 1000, metrics);
        }

        HangUp();
        await Eventually.True(() => Descriptors(program) < before + 16, () => $"{before} before, {Descriptors(program)} now");
        await program.ReadyAsync();
        await NodeIsServedAsync();
    }

    /// <summary>
    /// More addresses than it takes to fill all that strangers may have; the node speaks from a card of its own.
    /// </summary>
    [RackFact]
    public async Task Strangers_at_any_number_of_addresses_leave_connections_for_nodes()
    {
        Rack.Describe([Node, Own, Taken], "secrets: guarded");
        await using var program = RunningProgram.Start(Rack, Rack.Server.Command(
            "prlimit", "--nofile=256:1024", "--", RunningProgram.FileName, "serve", "--bsroot", Rack.Bsroot.Root));
        await program.ReadyAsync();
        await Rack.MachinesAnswerForAsync($"{Taken.Address}");
        var own = await Rack.PlugInAsync(Own.Mac);
        await own.IpAsync($"address add {Own.Address}/16 dev eth0");

        for (var host = 1; host <= 200; host++)
        {
            Connect(new IPAddress([10, 77, 65, (byte)host]), 2, "");
        }

        Assert.Equal(HttpStatusCode.OK, await ScriptAsync(own.Client(Own.Address, Rack.Url), Own));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => ScriptAsync(Rack.From(Rack.Stranger), Own));
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => ScriptAsync(Rack.From(Taken.Address), Taken));
        HangUp();
        await Eventually.True(async () => await ScriptAsync(own.Client(Own.Address, Rack.Url), Own) == HttpStatusCode.OK);
    }

    private static async Task<HttpStatusCode> ScriptAsync(HttpClient client, RackNode node)
    {
        using (client)
        using (var answer = await client.GetAsync(new Uri($"boot.ipxe?mac={node.Mac}", UriKind.Relative), Cancellation))
        {
            return answer.StatusCode;
        }
    }

    [RackFact]
    public async Task One_address_is_sent_sixteen_files_at_once_and_the_next_when_one_of_them_is_done()
    {
        Rack.Describe([Node]);
        PutLargeFile();
        await using var program = await StartAsync();
        Connect(1, 16, GetLargeFile);
        await Eventually.True(() => _sockets.TrueForAll(socket => socket.Available > 0));

        Connect(1, 1, GetLargeFile);
        Connect(2, 1, GetLargeFile);
        var (waiting, other) = (_sockets[^2], _sockets[^1]);
        await Eventually.True(() => other.Available > 0);
        Assert.Equal(0, waiting.Available);

        _sockets[0].Dispose();
        await Eventually.True(() => waiting.Available > 0);
    }

    /// <summary>Larger than what the kernel keeps for a reader that reads nothing.</summary>
    private void PutLargeFile()
    {
        Directory.CreateDirectory(Rack.Bsroot.Www);
        using var large = File.Create(Path.Combine(Rack.Bsroot.Www, "large"));
        large.SetLength(16 * 1024 * 1024);
    }

    private async Task NodeIsServedAsync()
    {
        using var client = Rack.From(Node.Address);
        var taken = Stopwatch.StartNew();
        using var report = await client.PostAsync(
            new Uri($"api/v1/report/{Node.Mac}", UriKind.Relative),
            new FormUrlEncodedContent([new("state", "installing")]),
            Cancellation);
        using var script = await client.GetAsync(new Uri($"boot.ipxe?mac={Node.Mac}", UriKind.Relative), Cancellation);
        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (report.StatusCode, script.StatusCode));
        Assert.InRange(taken.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(2));
    }

    private void Connect(int from, int count, string request, int port = 80) =>
        Connect(IPAddress.Parse($"10.77.65.{100 + from}"), count, request, port);

    private void Connect(IPAddress from, int count, string request, int port = 80)
    {
        for (var number = 0; number < count; number++)
        {
            var socket = Rack.Machines.Socket(SocketType.Stream, ProtocolType.Tcp);
            _sockets.Add(socket);
            socket.ReceiveBufferSize = 4096;
            socket.SendTimeout = 2000;
            socket.Bind(new IPEndPoint(from, 0));
            try
            {
                socket.Connect(Rack.ServerAddress, port);
                socket.Send(Encoding.ASCII.GetBytes(request));
            }
            catch (SocketException)
            {
                // refused, as most are to be
            }
        }
    }

    private void HangUp()
    {
        _sockets.ForEach(socket => socket.Dispose());
        _sockets.Clear();
    }

    private static int Descriptors(RunningProgram program) => Descriptors(program.Pid);

    private static int Descriptors(int pid) => Directory.GetFiles($"/proc/{pid}/fd").Length;

    [GeneratedRegex(
        "^bootstrapper_connections_refused_total\\{reason=\"address\"\\} (?<count>[0-9]+)",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex RefusedPerAddress();
}
