using Bootstrapper.Tests.Support;

namespace Bootstrapper.Tests.Rendering;

/// <summary>
/// The root of a freshly written Flatcar disk, as far as Ignition needs one, and what Ignition's real program made of it.
/// </summary>
internal sealed class IgnitionRoot : IDisposable
{
    private const string Program = "/usr/lib/dracut/modules.d/30ignition/ignition";
    private const string Presets = "etc/systemd/system-preset/20-ignition.preset";

    private static readonly Dictionary<string, string> Numbers =
        new(StringComparer.Ordinal) { ["root"] = "0", ["core"] = "500", ["docker"] = "233" };

    private static readonly string[] Databases =
        [
            "passwd", "passwd-", "shadow", "shadow-", "group", "group-", "gshadow", "gshadow-", ".pwd.lock", "selinux/config",
            ".ignition-result.json",
        ];

    private readonly TemporaryDirectory _directory = new();

    private string Root => Path.Combine(_directory.Path, "root");

    public void Dispose() => _directory.Dispose();

    /// <summary>A line of one of the databases of users, or nothing.</summary>
    public string? Entry(string database, string name) =>
        File.ReadLines(Path.Combine(Root, "etc", database))
            .FirstOrDefault(line => line.StartsWith($"{name}:", StringComparison.Ordinal));

    /// <summary>Runs the stages that need no disks of their own.</summary>
    public async Task ApplyAsync(string config)
    {
        await PrepareAsync();
        _directory.Write("config.ign", config);
        foreach (var stage in new[] { "fetch", "files" })
        {
            await RealProgram.RunAsync("env",
                [
                    $"PATH={_directory.Path}/bin:/usr/sbin:/usr/bin:/sbin:/bin",
                    Program,
                    $"--root={Root}",
                    "--platform=file",
                    $"--stage={stage}",
                    "--log-to-stdout",
                    $"--config-cache={_directory.Path}/cache",
                    $"--state-file={_directory.Path}/state",
                    $"--neednet={_directory.Path}/neednet",
                ],
                _directory.Path);
        }
    }

    /// <summary>In the words of <see cref="InstalledSystem"/>, but for what users are beside their keys.</summary>
    public async Task<IReadOnlyList<string>> FactsAsync()
    {
        var found = await RealProgram.RunAsync(
            "find", [".", "(", "-type", "f", "-printf", "%m %U:%G %P\n", "-o", "-type", "l", "-printf", "-> %l %P\n", ")"], Root);
        return InstalledSystem.InOrder(
            found.Split('\n', StringSplitOptions.RemoveEmptyEntries).SelectMany(line => Facts(line.Split(' ', 3))));
    }

    /// <summary>A fact about a file with its owner by number, as disks have it.</summary>
    public static string ByNumber(string fact)
    {
        var words = fact.Split(' ');
        return words[0] != "file" ? fact : string.Join(' ', [
            .. words[..3],
            string.Join(':', words[3].Split(':').Select(name => Numbers.GetValueOrDefault(name, name))),
            .. words[4..]]);
    }

    private IEnumerable<string> Facts(string[] entry) => entry switch
    {
        [_, _, var path] when Databases.Contains(Path.GetRelativePath("etc", path)) => [],
        ["->", "/dev/null", var path] => [$"masked {Path.GetFileName(path)}"],
        ["->", _, var path] when path.Contains(".wants/", StringComparison.Ordinal) => [$"starts {Path.GetFileName(path)}"],
        [_, _, Presets] => Lines(Presets).Select(line => line.Replace("enable", "starts", StringComparison.Ordinal).Replace(
            "disable", "does not start", StringComparison.Ordinal)),
        [_, _, "etc/flatcar/update.conf"] =>
            Lines(entry[2]).Select(line => $"update {line.Replace("\"", "", StringComparison.Ordinal)}"),
        [_, _, var path] when path.EndsWith(".ssh/authorized_keys.d/ignition", StringComparison.Ordinal) =>
            Lines(path).Select(key => InstalledSystem.Key(UserOf(path), key)),
        [var mode, var owner, var path] =>
            [InstalledSystem.File($"/{path}", mode, owner, File.ReadAllBytes(Path.Combine(Root, path)))],
        _ => throw new InvalidOperationException(string.Join(' ', entry)),
    };

    private string UserOf(string keys) =>
        File.ReadLines(Path.Combine(Root, "etc/passwd")).Select(line => line.Split(':')).Single(user =>
            keys.StartsWith($"{user[5][1..]}/.ssh/", StringComparison.Ordinal))[0];

    private IEnumerable<string> Lines(string path) => File.ReadLines(Path.Combine(Root, path)).Where(line => line.Length > 0);

    /// <summary>Ignition writes a user's keys as that user, who must be able to reach them.</summary>
    private async Task PrepareAsync()
    {
        await RealProgram.RunAsync("install", ["-d", "-m", "755", Root, $"{Root}/etc/selinux", $"{Root}/home"]);
        await RealProgram.RunAsync("install", ["-d", "-m", "700", "-o", "500", "-g", "500", $"{Root}/home/core"]);
        await RealProgram.RunAsync("chmod", ["755", _directory.Path]);
        await MakeRelabellingHarmlessAsync();
        _directory.Write(
            "root/etc/passwd", "root:x:0:0:root:/root:/bin/bash\ncore:x:500:500:CoreOS Admin:/home/core:/bin/bash\n");
        _directory.Write("root/etc/group", "root:x:0:\nwheel:x:10:\nusers:x:100:\ndocker:x:233:\ncore:x:500:\n");
        _directory.Write("root/etc/shadow", "root:*:15887:0:::::\ncore:*:15887:0:::::\n");
        _directory.Write("root/etc/gshadow", "");
    }

    /// <summary>
    /// Ignition gives every file its SELinux label, as Flatcar wants it; Debian has neither labels nor the program for it.
    /// </summary>
    private async Task MakeRelabellingHarmlessAsync()
    {
        _directory.Write("root/etc/selinux/config", "SELINUXTYPE=none\n");
        await RealProgram.RunAsync("install", ["-d", $"{_directory.Path}/bin"]);
        await RealProgram.RunAsync("ln", ["-s", "/bin/true", $"{_directory.Path}/bin/setfiles"]);
    }
}
