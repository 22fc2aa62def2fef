using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Program;

/// <summary>
/// What a bad disk, a full one and one that cannot be written do to the built program: it is up, or has ended with a line that
/// names the file; and never are secrets opened by it, nor roots made anew that nodes trust.
/// </summary>
public sealed partial class InterruptionTests(ITestOutputHelper output) : RackTests
{
    private static readonly RackNode Master = new(1), Worker = new(2);

    /// <summary>What nodes trust or encrypt with: another one in its place would cut them off.</summary>
    private static readonly string[] Anchors =
    [
        "ca.crt", "ca.key", "etcd-ca.crt", "etcd-ca.key", "front-proxy-ca.crt", "front-proxy-ca.key", "service-account.key",
        "encryption.key", "admin.token",
    ];

    /// <summary>Boot loaders, and what a registry holds, which has checksums of its own.</summary>
    private static readonly string[] Left = ["tftpboot/", "registry/", "www/", "images/", ".lock", "filler"];

    /// <summary>
    /// What each kind of file comes to, by how its name begins or ends; the first that fits. It is the table in docs/security.md.
    /// </summary>
    private static readonly (string Start, string End, string Outcome)[] Expected =
    [
        ("ca.", "", "refused, exit code 78"),
        ("etcd-ca.", "", "refused, exit code 78"),
        ("front-proxy-ca.", "", "refused, exit code 78"),
        ("service-account.key", "", "refused, exit code 78"),
        ("cluster-desc.yml", "", "refused, exit code 65"),
        ("bootstrapper.", "", "up"),
        ("registry.", "", "up"), // with its rendered configuration
        ("registry-token.", "", "up"),
        ("tls/", "", "up"),
        ("dnsmasq", "", "up"),
        ("inventory/", "", "up"), // records and the audit trail
        ("timeline/", "", "up"),
        ("etcd/", "", "up"),
        ("image-digests.json", "", "up"),
        ("", ".token", "up"),
        ("operators/", "", "up"),
        ("address.json", "", "up"), // written again at each start
        ("sessions.json", "", "up"), // whoever has a broken entry signs in again
        ("encryption.key", "", "up or refused, exit code 78"), // another key, or none any more, as its random characters have it
    ];

    /// <summary>Of some forty kinds of files; each costs a start.</summary>
    private const int SampledKinds = 6;

    private readonly TemporaryDirectory _kept = new();

    public override async ValueTask DisposeAsync()
    {
        _kept.Dispose();
        await base.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [RackFact]
    public async Task One_byte_that_is_another_in_any_kind_of_file_is_survived_or_told()
    {
        await FillAsync();
        Assert.All(Kinds(), file => Assert.Contains(Expected, kind => Fits(kind, file)));
        Assert.All(Expected, kind => Assert.Contains(Kinds(), file => Fits(kind, file)));
        foreach (var file in Sampling.Of(Kinds(), SampledKinds))
        {
            await RestoreAsync();
            Flip(Rack.Bsroot.At(file));
            var (outcome, told) = await OutcomeAsync(file);
            output.WriteLine($"{file}: {outcome}: {told}");
            var expected = Array.Find(Expected, kind => Fits(kind, file)).Outcome;
            Assert.True(expected.Split(" or ").Contains(outcome), $"{file}: {outcome}: {told}; expected: {expected}");
        }
    }

    private static bool Fits((string Start, string End, string Outcome) kind, string file) =>
        file.StartsWith(kind.Start, StringComparison.Ordinal) && file.EndsWith(kind.End, StringComparison.Ordinal);

    [RackFact]
    public async Task A_disk_that_is_full_at_the_start_or_cannot_be_written_is_told_and_later_forgotten()
    {
        await FillAsync();
        foreach (var size in new[] { 64 << 10, 256 << 10, 1 << 20, 4 << 20 })
        {
            using var disk = new SmallDisk(Rack.Bsroot.Root, size);
            Rack.Describe([Master, Worker]);
            await RefusedAsync("(a full disk)", "No space left on device");
        }

        await RestoreAsync();
        using (new ReadOnly(Rack.Bsroot.Root))
        {
            await RefusedAsync("(a read-only disk)", "Read-only file system");
        }

        Assert.Equal("up", (await OutcomeAsync("")).Outcome);
    }

    private async Task RefusedAsync(string what, string reason)
    {
        var (outcome, told) = await OutcomeAsync(what);
        output.WriteLine($"{what}: {outcome}: {told}");
        Assert.Equal("refused, exit code 74", outcome);
        Assert.Contains(reason, told, StringComparison.Ordinal);
    }

    [RackFact]
    public async Task A_disk_that_becomes_full_while_it_runs_costs_what_is_asked_then_and_nothing_else()
    {
        using var disk = new SmallDisk(Rack.Bsroot.Root, 48 << 20);
        StandInRelease.Put(Rack.Bsroot);
        Rack.Describe([Master, Worker], Keys);
        await using (var program = RunningProgram.Start(Rack))
        {
            await program.AnswersAsync();
            await program.SaysAsync("dnsmasq answers");
            using var filler = new Filler(Rack.Bsroot.At("filler"));
            await RefusedWhatNeedsRoomAsync("disk full", filler.Fill);
            Assert.Contains("are free under", await program.ReadinessAsync(), StringComparison.Ordinal);
            AssertModes();
            filler.Dispose();
            using (new ReadOnly(Rack.Bsroot.Root, program.Pid))
            {
                await RefusedWhatNeedsRoomAsync("disk read-only");
            }

            foreach (var (name, _, write) in Writes())
            {
                var status = await write();
                Assert.True((int)status < 500, $"disk no more full, {name}: {status}");
            }

            Assert.DoesNotContain(program.Lines, line => Fault().IsMatch(line));
            Assert.Equal(0, await program.TerminateAsync());
        }
    }

    /// <param name="before">Each of them.</param>
    private async Task RefusedWhatNeedsRoomAsync(string what, Action? before = null)
    {
        foreach (var (name, needsRoom, write) in Writes())
        {
            before?.Invoke();
            var status = await write();
            output.WriteLine($"{what}, {name}: {status}");
            Assert.True(
                needsRoom ? status == HttpStatusCode.InsufficientStorage : (int)status < 500, $"{what}, {name}: {status}");
        }
    }

    private const string Keys = "unknown_nodes: discover\nsecrets: address";

    /// <summary>
    /// Every kind of write that somebody from outside can bring about, and whether it is one on a full disk: what was not held
    /// cannot be released, and an unknown machine is answered whether there is room for its record or not.
    /// </summary>
    private IEnumerable<(string Name, bool NeedsRoom, Func<Task<HttpStatusCode>> Write)> Writes()
    {
        yield return ("report", true, () => PostAsync(Master, "state", "installing"));
        yield return ("config with secrets", true, () => GetAsync($"cloud-config/{Master.Mac}"));
        yield return ("private key", true, () => GetAsync($"tls/{Worker.Mac}/node-key.pem", Worker));
        yield return ("facts", true, () => FactsAsync(Master.Mac.ToString()));
        yield return ("boot of an unknown machine", false, () => GetAsync("boot.ipxe?mac=52:54:00:99:99:01"));
        yield return ("etcd discovery", true, () => OperatorAsync("etcd/new?size=3"));
        yield return ("hold", true, () => OperatorAsync($"api/v1/nodes/{Worker.Mac}/hold"));
        yield return ("release", false, () => OperatorAsync($"api/v1/nodes/{Worker.Mac}/release"));
        yield return ("reinstall", true, () => OperatorAsync($"api/v1/nodes/{Worker.Mac}/reinstall"));
        yield return ("sign-in", true, () => OperatorAsync("api/v1/session"));
        yield return ("token of the registry", false, RegistryAsync);
    }

    private async Task<HttpStatusCode> GetAsync(string path, RackNode? from = null)
    {
        using var client = Rack.From((from ?? Master).Address);
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative), Cancellation);
        return answer.StatusCode;
    }

    private async Task<HttpStatusCode> PostAsync(RackNode node, string key, string value)
    {
        using var client = Rack.From(node.Address);
        using var answer = await client.PostAsync(
            new Uri($"api/v1/report/{node.Mac}", UriKind.Relative), new FormUrlEncodedContent([new(key, value)]), Cancellation);
        return answer.StatusCode;
    }

    private async Task<HttpStatusCode> FactsAsync(string mac)
    {
        using var client = Rack.From(Master.Address);
        using var answer = await client.PostAsJsonAsync(
            $"api/v1/report/{mac}/facts",
            new { cpus = 4, memory = 1, disks = Array.Empty<object>(), nics = new[] { new { name = "e", mac, link = true } } },
            Cancellation);
        return answer.StatusCode;
    }

    private async Task<HttpStatusCode> OperatorAsync(string path)
    {
        using var client = Rack.Machines.Client(
            Rack.Stranger, new Uri($"https://{Rack.ServerAddress}"), RegistryGuest.Believing(Rack.Bsroot.CaCertificate));
        client.DefaultRequestHeaders.Authorization = new(
            "Bearer", (await File.ReadAllTextAsync(Rack.Bsroot.AdminToken, Cancellation)).Trim());
        using var answer = await client.PostAsJsonAsync(path, new { reason = "a test" }, Cancellation);
        return answer.StatusCode;
    }

    private async Task<HttpStatusCode> RegistryAsync()
    {
        using var guest = new RegistryGuest(Rack, Rack.Machines, Master.Address);
        return await guest.StatusAsync(HttpMethod.Get, "nothing/manifests/1");
    }

    /// <summary>A data root in which there is one file of each kind, kept aside.</summary>
    private async Task FillAsync()
    {
        Rack.Describe([Master, Worker], Keys);
        Bsroot.Write(Path.Combine(Rack.Bsroot.Operators, "otto.operator"), "otto-has-a-long-enough-token", Bsroot.SecretFile);
        await using (var program = await StartAsync())
        {
            foreach (var (name, _, write) in Writes())
            {
                var status = await write();
                Assert.True((int)status < 500, $"{name}: {status}");
            }

            Assert.Equal(0, await program.TerminateAsync());
        }

        await Tool.OutputOfAsync("cp", "-a", $"{Rack.Bsroot.Root}/.", _kept.Path);
    }

    private async Task RestoreAsync()
    {
        await Tool.OutputOfAsync("find", Rack.Bsroot.Root, "-mindepth", "1", "-delete");
        await Tool.OutputOfAsync("cp", "-a", $"{_kept.Path}/.", Rack.Bsroot.Root);
    }

    /// <summary>One file of each kind, by its name without numbers, addresses and digests.</summary>
    private List<string> Kinds() =>
    [
        .. Directory.EnumerateFiles(_kept.Path, "*", SearchOption.AllDirectories)
            .Where(file => new FileInfo(file) is { Length: > 0, LinkTarget: null })
            .Select(file => Path.GetRelativePath(_kept.Path, file))
            .Where(file => !Left.Any(left => file.StartsWith(left, StringComparison.Ordinal)))
            .GroupBy(file => Numbers().Replace(file, "#"), StringComparer.Ordinal)
            .Select(kind => kind.Order(StringComparer.Ordinal).First())
            .Order(StringComparer.Ordinal),
    ];

    private static void Flip(string file)
    {
        var content = File.ReadAllBytes(file);
        content[content.Length / 2] ^= 0x15;
        using var there = File.OpenWrite(file);
        there.Write(content);
    }

    /// <summary>Starts it, looks at what it says, and stops it.</summary>
    /// <param name="file">What is broken.</param>
    /// <returns><c>up</c>, or <c>refused</c> with the exit code, and the line that says why.</returns>
    private async Task<(string Outcome, string Told)> OutcomeAsync(string file)
    {
        var anchors = Anchors.ToDictionary(name => name, Content, StringComparer.Ordinal);
        await using var program = RunningProgram.Start(Rack);
        var since = Stopwatch.StartNew();
        while (await ReadinessAsync(program) is var parts)
        {
            if (program.HasEnded)
            {
                var code = await program.ExitAsync();
                Assert.True(code is not (0 or 70 or > 128), $"{file}: exit code {code}: {program.Errors} {program.LastLines()}");
                var told = program.Errors.Length > 0 ? program.Errors : program.LastLines();
                Assert.False(string.IsNullOrWhiteSpace(told), $"{file}: refused without a line, exit code {code}");
                Assert.True(
                    file.StartsWith('(') || told.Contains(Path.GetFileName(file), StringComparison.Ordinal), $"{file}: {told}");
                AssertModes();
                return (string.Create(CultureInfo.InvariantCulture, $"refused, exit code {code}"), told.Split('\n')[^1]);
            }

            if (parts is not null)
            {
                break;
            }

            Assert.True(since.Elapsed < TimeSpan.FromSeconds(90), $"{file}: neither up nor refused: {program.LastLines()}");
            await Task.Delay(20, Cancellation);
        }

        Assert.NotEqual(HttpStatusCode.InternalServerError, await GetAsync($"boot.ipxe?mac={Master.Mac}"));
        Assert.NotEqual(HttpStatusCode.InternalServerError, await GetAsync($"cloud-config/{Master.Mac}"));
        Assert.NotEqual(HttpStatusCode.InternalServerError, await OperatorAsync("api/v1/session"));
        Assert.Equal(0, await program.TerminateAsync());
        Assert.False(program.Lines.Any(line => Fault().IsMatch(line)), $"{file}: {program.LastLines()}");
        AssertModes();
        Assert.All(anchors, anchor => Assert.True(
            anchor.Value is null || anchor.Value == Content(anchor.Key), $"{file}: {anchor.Key} was made anew"));
        return ("up", "");
    }

    private string? Content(string name) =>
        File.Exists(Rack.Bsroot.At(name)) ? Convert.ToHexString(File.ReadAllBytes(Rack.Bsroot.At(name))) : null;

    /// <returns><c>null</c> while nobody answers.</returns>
    private static async Task<string?> ReadinessAsync(RunningProgram program)
    {
        try
        {
            return program.HasEnded ? null : await program.ReadinessAsync();
        }
        catch (Exception e) when (e is HttpRequestException or System.Net.Sockets.SocketException or TaskCanceledException)
        {
            return null;
        }
    }

    /// <summary>No file that has a secret in it can be read by others.</summary>
    private void AssertModes()
    {
        foreach (var file in Directory.EnumerateFiles(Rack.Bsroot.Root, "*", SearchOption.AllDirectories)
            .Where(file => !Left.Any(left => file.StartsWith(Rack.Bsroot.At(left), StringComparison.Ordinal))))
        {
            var mode = File.GetUnixFileMode(file);
            Assert.False(
                mode.HasFlag(UnixFileMode.OtherRead) && SecretContent().IsMatch(File.ReadAllText(file)),
                $"{file} has mode {mode}");
        }
    }

    /// <summary>Somebody mounts it so that nothing can be written.</summary>
    private sealed class ReadOnly : IDisposable
    {
        private readonly string _path;
        private readonly string[] _where;

        /// <param name="pid">Of the process for which it is so; the test itself, and what it starts, by default.</param>
        public ReadOnly(string path, int? pid = null)
        {
            (_path, _where) = (path, ["--mount", "--target", $"{pid ?? Environment.ProcessId}"]);
            Run("mount", "--bind", path, path);
            Run("mount", "-o", "remount,ro,bind", path);
        }

        public void Dispose() => Run("umount", _path);

        private void Run(params string[] command) =>
            Tool.OutputOfAsync("nsenter", [.. _where, .. command]).GetAwaiter().GetResult();
    }

    /// <summary>Takes every byte that is left.</summary>
    private sealed class Filler(string path) : IDisposable
    {
        public void Fill()
        {
            using var file = new FileStream(path, FileMode.Append, System.IO.FileAccess.Write, FileShare.None, bufferSize: 0);
            foreach (var size in new[] { 1 << 20, 4096, 1 })
            {
                try
                {
                    while (true)
                    {
                        file.Write(new byte[size]);
                    }
                }
                catch (IOException)
                {
                    // so much is not left
                }
            }
        }

        public void Dispose() => File.Delete(path);
    }

    [GeneratedRegex(
        @"(?<=^tls/).*|(?<=objects/).*|[0-9a-f]{2}(-[0-9a-f]{2}){5}|[0-9a-f]{32,64}|\d+",
        RegexOptions.ExplicitCapture)]
    private static partial Regex Numbers();

    [GeneratedRegex(" FTL |internal error|Cannot answer|Unhandled")]
    private static partial Regex Fault();

    [GeneratedRegex("PRIVATE KEY|otto-has-a-long-enough")]
    private static partial Regex SecretContent();
}
