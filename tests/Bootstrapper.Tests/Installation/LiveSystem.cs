using System.Diagnostics;
using System.Security.Cryptography;
using System.Text.Json;
using Bootstrapper.Cluster;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Rendering;
using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Installation;

/// <summary>
/// A live system that runs install.sh as root: real disks, real tools, in a mount and a process namespace of its own, so that
/// what it mounts is gone with it and a restart restarts nothing else. It waits less long than a real one.
/// </summary>
internal sealed class LiveSystem : IAsyncDisposable
{
    /// <summary>What is installed where a test looks at what comes before: nothing of that name is served.</summary>
    public static readonly OperatingSystemSettings Raw =
        new() { InstallMethod = InstallMethod.Raw, Image = new RawImage("image.gz", new string('0', 64)) };

    public const string ImagePath = "/image.gz";

    /// <summary>Loopback's: an address of this machine wherever it is.</summary>
    public static readonly MacAddress Mac = new(0);

    private static readonly string ReportPath = $"/api/v1/report/{Mac}";

    private static readonly string FactsPath = $"{ReportPath}/facts";

    private static readonly (string Real, string Here)[] Waits =
    [
        ("sleep 1", "sleep 0.1"), ("sleep 2", "sleep 0.1"), ("sleep 3", "sleep 0.1"),
        ("--retry 5 --retry-delay 2", "--retry 1 --retry-delay 1"), ("--max-time 20", "--max-time 5"),
        ("timeout 20", "timeout 5"), ("sleep $((pause ", "sleep 0.1; echo paused $((pause "),
    ];

    private readonly TemporaryDirectory _directory = new();
    private readonly List<LoopDisk> _disks = [];

    private LiveSystem(string shell) => Shell = shell;

    /// <summary>As <see cref="Shells"/> names it.</summary>
    public string Shell { get; }

    public LyingServer Server { get; } = new();

    public LoopDisk Disk => _disks[^1];

    /// <summary>But for those of progress.</summary>
    public IEnumerable<string> Reports => Server.Requests
        .Where(request => request.StartsWith($"{ReportPath} ", StringComparison.Ordinal))
        .Select(request => request[(ReportPath.Length + 1)..])
        .Where(report => !report.Contains("progress=", StringComparison.Ordinal));

    public bool HasCurl => Shell != Shells.WithoutCurl;

    /// <summary>Of the image. This wget also asks for all of it when it only wants to know how large it is.</summary>
    public int Downloads => Math.Max(0, Server.Requests.Count(request => request == $"GET {ImagePath}") - (HasCurl ? 0 : 1));

    public string Output { get; private set; } = "";

    /// <summary>Six downloads that hang, each as long as curl's own limit, and the waits between them.</summary>
    private static readonly TimeSpan LongestInstallation = TimeSpan.FromMinutes(3);

    /// <summary>For how long it waits for the next byte, in seconds.</summary>
    public int Patience { get; init; } = 60;

    /// <summary>Of the node.</summary>
    public DiskSelector? Selector { get; init; }

    /// <summary>What the machine told is in it, each time.</summary>
    public IEnumerable<NodeFacts> ToldFacts => Server.Requests
        .Where(request => request.StartsWith($"{FactsPath} ", StringComparison.Ordinal))
        .Select(request => JsonSerializer.Deserialize<NodeFacts>(request[(FactsPath.Length + 1)..], InventoryFiles.Json)!);

    /// <summary>The last of it; <c>null</c> where it told nothing.</summary>
    public NodeFacts? Facts => ToldFacts.LastOrDefault();

    /// <summary>Whether the script has an error before it looks at a disk.</summary>
    public bool Breaks { get; set; }

    public bool HasRestarted => File.Exists(At("restarted"));

    /// <summary>What systemctl was asked for; empty where it was not.</summary>
    public string RestartedBy => HasRestarted ? File.ReadAllText(At("restarted")).Trim() : "";

    /// <summary>What it left in its memory.</summary>
    public IEnumerable<string> Leftovers => Directory.EnumerateFiles(At("tmp"), "*", SearchOption.AllDirectories);

    public static async Task<LiveSystem> BootAsync(
        string shell, byte[]? disk = null, int patience = 60, DiskSelector? selector = null)
    {
        var system = new LiveSystem(shell) { Patience = patience, Selector = selector };
        foreach (var folder in new[] { "tmp", "bin" })
        {
            Directory.CreateDirectory(system.At(folder));
        }

        // It takes its time to go down, in which the script may still do what it should not.
        system.Install("systemctl", $"sleep 0.5; echo \"$@\" >{system.At("restarted")}");
        await system.AttachAsync(disk ?? new byte[LoopDisk.Size]);
        system.Server.Answers("/healthz", Answer.Ok("ok"));
        system.Server.Answers($"/ignition/{Mac}", Answer.Ok("{\"the\": \"config\"}"));
        system.Server.Answers(ReportPath, Answer.Ok("ok"));
        system.AnswersFacts(Answer.Ok("ok"));
        return system;
    }

    /// <summary>The newest is the one to be installed on.</summary>
    public async Task AttachAsync(byte[] content) =>
        _disks.Add(await LoopDisk.AttachAsync(At($"disk{_disks.Count}"), content));

    public void AnswersReports(params IEnumerable<Answer> answers) => Server.Answers(ReportPath, answers);

    public void AnswersFacts(params IEnumerable<Answer> answers) => Server.Answers(FactsPath, answers);

    /// <summary>Puts a program there that stands in for a real one.</summary>
    public void Install(string program, string script)
    {
        var file = _directory.Write($"bin/{program}", $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(file, Bsroot.PublicFile | UnixFileMode.UserExecute);
    }

    /// <param name="image">As it is published; what is served may be something else.</param>
    public Task<int> InstallImageAsync(byte[] image, string? disk = null, MacAddress? mac = null) => InstallAsync(
        new OperatingSystemSettings
        {
            InstallMethod = InstallMethod.Raw,
            Image = new RawImage(ImagePath[1..], Convert.ToHexStringLower(SHA256.HashData(image))),
        },
        disk ?? Disk.Path,
        mac ?? Mac);

    /// <param name="disk">Empty for the one that the script picks.</param>
    /// <param name="first">What happens before, in the same namespaces.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> InstallAsync(OperatingSystemSettings os, string disk, MacAddress mac, string first = "true")
    {
        var node = NodeOf(mac, disk);
        var cluster = Sample.Cluster(node) with { Os = os, Ports = new Ports(Http: Server.Port) };
        var script = Waits.Aggregate(
            InstallScript.Render(node, cluster, TemplateSet.Of([])),
            (text, wait) => text.Replace(wait.Real, wait.Here, StringComparison.Ordinal))
            .Replace("--speed-time 60", $"--speed-time {Patience}", StringComparison.Ordinal)
            .Replace("\ntake_disk ", Breaks ? "\necho $((1 + mistake*))\ntake_disk " : "\ntake_disk ", StringComparison.Ordinal);
        var (command, path) = Shells.Of(Shell);
        var start = new ProcessStartInfo("setpriv", [
            "--bounding-set=-sys_time", "--inh-caps=-sys_time", "--", // this clock is everybody's
            "unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "/bin/sh", "-c",
            $"({first}) && export PATH={At("bin")}{path} && exec {command} {_directory.Write("install.sh", script)}"]);
        start.Environment["TMPDIR"] = At("tmp");
        var done = await Tool.RunAsync(start, LongestInstallation);
        Output = done.Output + done.Errors;
        return done.ExitCode;
    }

    public Node NodeOf(MacAddress mac, string disk) => Sample.Node() with
    {
        Mac = mac,
        InstallDisk = disk.Length == 0 ? null : disk,
        DiskSelector = Selector,
        Config = ConfigFormat.Ignition,
    };

    public string At(string name) => Path.Combine(_directory.Path, name);

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        foreach (var disk in _disks)
        {
            await disk.DisposeAsync();
        }

        _directory.Dispose();
    }
}
