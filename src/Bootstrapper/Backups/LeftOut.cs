using System.IO.Enumeration;
using System.Security.Cryptography;
using Bootstrapper.Boot;
using Bootstrapper.Cluster;
using Bootstrapper.Host;
using Bootstrapper.Images;
using Bootstrapper.Images.Releases;
using Bootstrapper.Model;

namespace Bootstrapper.Backups;

/// <summary>
/// What a backup does not take: what can be fetched or made again, by name. Whatever is not named here is taken, also what nobody
/// thought of.
/// </summary>
internal sealed class LeftOut(Bsroot bsroot)
{
    private const string FetchOs = "bootstrapper fetch os",
        FetchImages = "bootstrapper fetch images, or bring their archives again",
        FromPackages = "nothing: 'serve' puts it there, and so does 'bootstrapper fetch boot'",
        ByHand = "put it there again";

    /// <summary>Below <c>www/</c> an image is named by its ending; it may be packed.</summary>
    private static readonly string[] DiskImages = [".img", ".raw", ".iso", ".bin"];

    private static readonly string[] OfRelease =
    [
        ChannelDirectory.FetchedMark,
        .. Enum.GetValues<OperatingSystemName>().Select(ReleaseFiles.Of)
            .SelectMany(names => new[] { names.Kernel, names.Initrd, names.Image, names.Transcoded }),
    ];

    private static readonly string[] Packings = [".bz2", ".gz", ".xz", ".zst"];

    /// <summary>
    /// In a pattern, <c>*</c> stands for some of a name and <c>**/</c> for any directories. A directory is left out with all that
    /// is in it.
    /// </summary>
    public static readonly IReadOnlyList<LeftOutRule> Rules =
    [
        new(".restore", "of a restore that was cut short"),
        new("**/.lock", "held while a program runs"),
        new("**/.*.partial", "a file that is being written"),
        new("tmp", "room for unfinished work"),
        new("lost+found", "of the file system"),
        new("address.json", "where the running bootstrapper listens"),
        new("bootstrapper.tar", "the program's own container image", "docker/release.sh --save, or from the release"),
        new("dnsmasq.conf", "rendered"),
        new("dnsmasq/*.d", "rendered"),
        new("dnsmasq/candidate.conf", "rendered"),
        new("registry.yml", "rendered"),
        new("registry", "the registry's storage", "nothing: it is filled from images/ at the start; push what was pushed"),
        new("images/*", "container images", FetchImages, (_, path) => path != "images/images.lock.json"),
        new("tftpboot/os", "a link to www/"),
        new("tftpboot/boot-loaders.json", "which boot loaders are ours"),
        new("tftpboot/*", "a boot loader that is ours", FromPackages, IsOurLoader),
        new("tftpboot/*/*/*", "a boot loader that is ours", FromPackages, IsOurLoader),
        new("tftpboot/*/*/*/*/*", "a boot loader that is ours", FromPackages, IsOurLoader),
        new("tftpboot/pxelinux.cfg/01-*", "rendered", When: (root, path) => BootFiles.IsOurs(root.At(path))),
        new("tftpboot/grub/grub.cfg", "rendered"),
        new("tftpboot/debian-installer/arm64/grub/grub.cfg", "rendered"),
        new("www/*/current", "which release is in force", FetchOs, IsLinkToRelease),
        new("www/*/*", "a release of an operating system", FetchOs, IsRelease),
        new("www/debian-live", "the live system for Secure Boot", "docker/live-system.sh"),
        new("www/static/kubernetes", "programs of Kubernetes", ByHand),
        new("www/**/*", "an image of a disk", ByHand, (_, path) => IsDiskImage(path)),
        new("matchbox/assets", "files that matchbox' profiles boot", ByHand),
        new("inventory/.git/index", "git makes it again"),
        new("inventory/.git/logs", "where git's branch was, ahead of where it is in the backup"),
        new("inventory/.git/**/*.lock", "held while git runs"),
        new("inventory/.git/gc.pid", "held while git runs"),
        new("inventory/.git/objects/**/tmp_*", "a file that git is writing"),
        new("inventory/.git/objects/info/commit-graph*", "git makes it again"),
        new("inventory/.git/objects/pack/multi-pack-index*", "git makes it again"),
    ];

    /// <param name="path">In the data root, with forward slashes.</param>
    /// <returns>By which rule it is left out; <c>null</c> where it is taken.</returns>
    public LeftOutRule? Of(string path)
    {
        var names = path.Split('/');
        return Rules.FirstOrDefault(rule => Matches(rule.Names, names) && (rule.When?.Invoke(bsroot, path) ?? true));
    }

    private static bool Matches(ReadOnlySpan<string> pattern, ReadOnlySpan<string> names) => pattern switch
    {
        [] => names.IsEmpty,
        ["**", .. var rest] => Matches(rest, names) || (!names.IsEmpty && Matches(pattern, names[1..])),
        [var first, .. var rest] => !names.IsEmpty && FileSystemName.MatchesSimpleExpression(first, names[0], ignoreCase: false)
            && Matches(rest, names[1..]),
    };

    /// <summary>What an operator put there, or changed, is the operator's.</summary>
    private static bool IsOurLoader(Bsroot bsroot, string path)
    {
        if (BootLoaderRecord.Read(bsroot).Find(path["tftpboot/".Length..]) is not { } ours || !FileStamp.IsFile(bsroot.At(path)))
        {
            return false;
        }

        using var file = File.OpenRead(bsroot.At(path));
        return Convert.ToHexStringLower(SHA256.HashData(file)) == ours.Sha256;
    }

    private static bool IsLinkToRelease(Bsroot bsroot, string path) =>
        new FileInfo(bsroot.At(path)).LinkTarget is { } target
            && IsRelease(bsroot, Path.Combine(Path.GetDirectoryName(path)!, Path.GetFileName(target.TrimEnd('/'))));

    /// <summary>
    /// With the mark of one that we fetched, or with a file of one: what else has a version and a link <c>current</c> is the
    /// operator's.
    /// </summary>
    private static bool IsRelease(Bsroot bsroot, string path) =>
        Directory.Exists(bsroot.At(path)) && ReleaseVersion.IsSound(Path.GetFileName(path))
            && OfRelease.Any(name => File.Exists(bsroot.At($"{path}/{name}")));

    private static bool IsDiskImage(string path) => DiskImages.Contains(
        Path.GetExtension(Packings.Contains(Path.GetExtension(path)) ? Path.ChangeExtension(path, null) : path),
        StringComparer.Ordinal);
}

/// <param name="What">It is, in words.</param>
/// <param name="Again">How it comes back; <c>null</c> where it does by itself.</param>
/// <param name="When">Asked where the pattern fits; <c>null</c> for always.</param>
internal sealed record LeftOutRule(
    string Pattern, string What, string? Again = null, Func<Bsroot, string, bool>? When = null)
{
    public string[] Names { get; } = Pattern.Split('/');
}
