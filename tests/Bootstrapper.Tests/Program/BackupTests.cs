using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Bootstrapper.Pki;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>The disk of the bootstrapper is lost, and another machine goes on from last night's backup.</summary>
public sealed class BackupTests(ITestOutputHelper output) : RackTests
{
    private const int Backups = 5, Machines = 100, Clients = 4;

    /// <summary>Of each machine: what reports more is asked to wait.</summary>
    private const int MostReports = 90;

    private readonly TemporaryDirectory _safe = new();

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _safe.Dispose();
    }

    [RackFact]
    public async Task What_was_restored_elsewhere_knows_the_same_machines_and_renews_their_certificates()
    {
        var node = new RackNode(1);
        Rack.Describe([node, new RackNode(2)]);
        Leaf leaf;
        await using (var program = await StartAsync())
        {
            leaf = await InstallAsync(node);
            await Tool.OutputOfAsync(Rack.Server.Command(
                RunningProgram.FileName, ["node", "hold", "node-2", "--reason", "its fan", "--bsroot", Rack.Bsroot.Root]));
            await RunAsync("backup", "create", Backup, "--recipient", await AgeKeyAsync(), "--bsroot", Rack.Bsroot.Root);
            await program.KillAsync();
            await NothingIsLeftAsync(program.ChildPids());
        }

        var certificates = await RunAsync("pki", "status", "-o", "json", "--bsroot", Rack.Bsroot.Root);
        var records = Records(Rack.Bsroot);
        var said = await RunAsync("backup", "restore", Backup, "--key", Key, "--to", Elsewhere.Root);
        Assert.Contains($"www/stable/{StandInRelease.Version}", said, StringComparison.Ordinal);
        Assert.Contains("bootstrapper fetch os", said, StringComparison.Ordinal);
        Assert.Equal(certificates, await RunAsync("pki", "status", "-o", "json", "--bsroot", Elsewhere.Root));
        Assert.Equal(records, Records(Elsewhere));

        StandInRelease.Put(Elsewhere);
        await using var next = await StartElsewhereAsync();
        Assert.Equal(records, Records(Elsewhere));
        Assert.Contains(AuditLog.Read(Elsewhere)["node-2"], title => title.StartsWith("held", StringComparison.Ordinal));
        Assert.Empty(AuditLog.Uncommitted(Elsewhere));
        await RenewAsync(node, leaf);
    }

    [RackFact]
    public async Task A_backup_in_a_boot_storm_has_all_that_was_acknowledged_before_it_began()
    {
        var machines = Enumerable.Range(1, Machines).Select(number => new RackNode(number))
            .Select(node => new ReportingMachine(node, Rack.From(node.Address))).ToList();
        Rack.Describe(machines.Select(machine => machine.Node));
        await using (var program = await StartAsync())
        {
            var load = machines.Chunk(machines.Count / Clients).Select(ReportUntilKilledAsync).ToList();
            for (var backup = 1; backup <= Backups; backup++)
            {
                var before = machines.ConvertAll(machine => machine.Acknowledged);
                await RunAsync("backup", "create", $"{Backup}.{backup}", "--plain", "--bsroot", Rack.Bsroot.Root);
                var after = machines.ConvertAll(machine => machine.Acknowledged);
                await RestoredAsync(machines, before, after, $"{Backup}.{backup}");
            }

            // One that is killed leaves what it was writing, and the next is not in its way.
            using (var killed = System.Diagnostics.Process.Start(
                RunningProgram.FileName, ["backup", "create", Backup, "--plain", "--bsroot", Rack.Bsroot.Root]))
            {
                await Eventually.True(() => Partials().Count > 0 || killed.HasExited);
                killed.Kill();
                await killed.WaitForExitAsync(Cancellation);
            }

            var left = Partials();
            var creating = RunAsync("backup", "create", Backup, "--plain", "--bsroot", Rack.Bsroot.Root);
            await program.KillAsync();
            await Task.WhenAll(load);
            await creating;
            Assert.Equal(left, Partials());
            await NothingIsLeftAsync(program.ChildPids());
        }

        await RunAsync("backup", "restore", Backup, "--to", Elsewhere.Root);
        StandInRelease.Put(Elsewhere);
        await using var next = await StartElsewhereAsync();
        Assert.Empty(AuditLog.Uncommitted(Elsewhere));
        output.WriteLine($"{machines.Sum(machine => machine.Acknowledged)} reports, {Backups} backups");
        machines.ForEach(machine => machine.Dispose());
    }

    /// <summary>As a user who is not root, or in a container with few rights.</summary>
    [RackFact]
    public async Task Who_may_give_nothing_away_restores_all_the_same_and_is_told()
    {
        Rack.Describe([new RackNode(1)]);
        var (owned, closed) = (Rack.Bsroot.At("owned"), Rack.Bsroot.At("closed/inside"));
        Bsroot.Write(owned, "another's", Bsroot.SecretFile);
        Bsroot.GiveTo((65534, 65534), owned);
        Bsroot.Write(closed, "kept");
        File.SetUnixFileMode(Path.GetDirectoryName(closed)!, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        await RunAsync("backup", "create", Backup, "--plain", "--bsroot", Rack.Bsroot.Root);

        var said = await RealProgram.RunAsync("setpriv", [
            "--bounding-set=-all", "--inh-caps=-all", RunningProgram.FileName,
            "backup", "restore", Backup, "--to", Elsewhere.Root,
        ]);
        Assert.Contains("warning: of 1 files and directories, owner", said, StringComparison.Ordinal);
        Assert.Contains(Elsewhere.At("owned"), said, StringComparison.Ordinal);
        Assert.Equal("kept", await File.ReadAllTextAsync(Elsewhere.At("closed/inside"), Cancellation));
        Assert.Equal(
            UnixFileMode.UserRead | UnixFileMode.UserExecute, File.GetUnixFileMode(Elsewhere.At("closed")));
    }

    private string Backup => Path.Combine(_safe.Path, "rack.tar.zst.age");

    private IReadOnlyList<string> Partials() => [.. Directory.EnumerateFiles(_safe.Path, ".*.partial")];

    private string Key => Path.Combine(_safe.Path, "age.key");

    private Bsroot Elsewhere => new(Path.Combine(_safe.Path, "bsroot"));

    /// <summary>Its trail is whole, and with its records tells of at least so many reports of each machine.</summary>
    private static async Task RestoredAsync(
        IReadOnlyList<ReportingMachine> machines, List<int> before, List<int> after, string backup)
    {
        var restored = new Bsroot($"{backup}.restored");
        await RunAsync("backup", "restore", backup, "--to", restored.Root);
        var clone = $"{backup}.clone"; // that wants every object of the branch; what came after it is there in part
        await RealProgram.RunAsync(
            "git", ["-c", "safe.directory=*", "clone", "--quiet", "--bare", "--no-local", restored.Inventory, clone]);
        await RealProgram.RunAsync("git", ["-C", clone, "fsck", "--full", "--strict"]);
        await RealProgram.RunAsync("git", ["-C", restored.Inventory, "-c", "safe.directory=*", "gc", "--quiet"]);
        for (var at = 0; at < machines.Count; at++)
        {
            machines[at].AssertRecordedBetween(restored, before[at], after[at] + 1);
        }
    }

    private async Task ReportUntilKilledAsync(ReportingMachine[] machines)
    {
        using var client = Rack.From(Rack.Stranger);
        try
        {
            for (var next = 0; ; next = (next + 1) % machines.Length)
            {
                await Task.Delay(5, Cancellation);
                await (machines[next].Acknowledged < MostReports
                    ? machines[next].ReportAsync()
                    : client.GetStringAsync(new Uri("healthz", UriKind.Relative), Cancellation));
            }
        }
        catch (Exception e) when (e is HttpRequestException or SocketException)
        {
            // Nobody is there to answer any more.
        }
    }

    /// <summary>On what stands in for another machine, with the same address.</summary>
    private async Task<RunningProgram> StartElsewhereAsync()
    {
        var program = RunningProgram.Start(
            Rack, Rack.Server.Command(RunningProgram.FileName, ["serve", "--bsroot", Elsewhere.Root]));
        await program.ReadyAsync();
        return program;
    }

    private async Task<Leaf> InstallAsync(RackNode node)
    {
        using var client = Rack.From(node.Address);
        var leaf = new Leaf(
            await client.GetStringAsync(new Uri($"tls/{node.Mac}/node.pem", UriKind.Relative), Cancellation),
            await client.GetStringAsync(new Uri($"tls/{node.Mac}/node-key.pem", UriKind.Relative), Cancellation));
        using var report = new FormUrlEncodedContent(new Dictionary<string, string> { ["state"] = "running" });
        using var answer = await client.PostAsync(new Uri($"api/v1/report/{node.Mac}", UriKind.Relative), report, Cancellation);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return leaf;
    }

    /// <summary>As the timer of an installed machine does it, over mutual TLS.</summary>
    private async Task RenewAsync(RackNode node, Leaf leaf)
    {
        var tls = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                CustomTrustStore = { X509CertificateLoader.LoadCertificateFromFile(Elsewhere.CaCertificate) },
                RevocationMode = X509RevocationMode.NoCheck,
            },
            ClientCertificates = [X509Certificate2.CreateFromPem(leaf.CertificatePem, leaf.KeyPem)],
        };
        using var client = Rack.Machines.Client(node.Address, new Uri($"https://{Rack.ServerAddress}"), tls);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest(
            $"CN=system:node:{node.HostName},O=system:nodes", key, HashAlgorithmName.SHA256).CreateSigningRequestPem();
        using var answer = await client.PostAsync(
            new Uri("api/v1/csr?leaf=node", UriKind.Relative), new StringContent(request), Cancellation);
        var body = await answer.Content.ReadAsStringAsync(Cancellation);
        Assert.True(answer.StatusCode == HttpStatusCode.OK, body);
        Assert.Contains("BEGIN CERTIFICATE", body, StringComparison.Ordinal);
    }

    private async Task<string> AgeKeyAsync() =>
        (await RealProgram.RunAsync("age-keygen", ["-o", Key])).Trim().Split(' ')[^1];

    private static Dictionary<string, string> Records(Bsroot bsroot) =>
        Directory.EnumerateFiles(bsroot.Inventory, "*.json").ToDictionary(
            file => Path.GetFileName(file), File.ReadAllText, StringComparer.Ordinal);

    private static Task<string> RunAsync(params string[] arguments) => RealProgram.RunAsync(RunningProgram.FileName, arguments);
}
