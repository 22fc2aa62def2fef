using System.CommandLine;
using Bootstrapper.Cluster;
using Bootstrapper.Images;
using Bootstrapper.Images.Downloads;
using Bootstrapper.Images.Releases;

namespace Bootstrapper.Cli;

/// <summary><c>bootstrapper fetch os [--channel C] [--version V|current] [--arch A] [--os NAME]</c></summary>
internal static class FetchOsCommand
{
    private static readonly IReadOnlyDictionary<string, ReleaseFamily> Families = new Dictionary<string, ReleaseFamily>(
        StringComparer.OrdinalIgnoreCase)
    {
        ["flatcar"] = ReleaseFamily.Flatcar,
        ["coreos"] = ReleaseFamily.CoreOS,
        ["fedora-coreos"] = ReleaseFamily.FedoraCoreOS,
    };

    private static readonly IReadOnlyDictionary<string, Architecture> Architectures = new Dictionary<string, Architecture>(
        StringComparer.OrdinalIgnoreCase)
    {
        ["amd64"] = Architecture.Amd64,
        ["arm64"] = Architecture.Arm64,
    };

    public static Command Create()
    {
        var bsroot = CommonOptions.DataRoot();
        var channel = CommonOptions.WithoutDefault(
            "--channel", "CHANNEL", "Such as stable, beta or stable-arm64; default: every channel that the description uses.");
        var version = CommonOptions.WithoutDefault(
            "--version",
            "VERSION|current",
            "Default: the description's coreos_version. A version named here is put into force even if it is older.");
        var architecture = CommonOptions.WithoutDefault(
            "--arch", "amd64|arm64", "Kind of machine; default: amd64, or what the channel's name ends in.");
        var family = CommonOptions.WithoutDefault("--os", "flatcar|coreos|fedora-coreos", "Default: the description's os_name.");
        architecture.AcceptOnlyFromAmong([.. Architectures.Keys]);
        family.AcceptOnlyFromAmong([.. Families.Keys]);
        var command = new Command("os", """
            Downloads releases of the operating system, verifies every file, and puts them into force.

            They come from os.base_url, or from the vendor. Nothing is visible to machines before it is verified with
            the keys in signing-keys/; then the release appears whole, and 'current' moves to it. What was interrupted
            resumes where it stopped. HTTP_PROXY, HTTPS_PROXY and NO_PROXY are used.
            """) { channel, version, architecture, family, bsroot };
        command.SetAction((parsed, cancellation) => RunAsync(
            parsed.Bsroot(bsroot),
            new Arguments(
                parsed.GetValue(channel), parsed.GetValue(version), parsed.GetValue(architecture), parsed.GetValue(family)),
            parsed.InvocationConfiguration.Output,
            parsed.InvocationConfiguration.Error,
            cancellation));
        return command;
    }

    private static async Task<int> RunAsync(
        Bsroot bsroot, Arguments request, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        var (cluster, exitCode) = Describe(bsroot, error);
        if (exitCode != ExitCode.Success)
        {
            return exitCode;
        }

        var fetcher = new ReleaseFetcher(bsroot, Downloader.Create(TimeProvider.System));
        foreach (var order in request.Orders(cluster))
        {
            var fetched = await FetchAsync(fetcher, order, output, error, cancellation);
            exitCode = fetched == ExitCode.Success ? exitCode : fetched;
        }

        return exitCode;
    }

    /// <summary>Releases can be fetched before there is a description.</summary>
    private static (ClusterDescription? Cluster, int ExitCode) Describe(Bsroot bsroot, TextWriter error)
    {
        if (!File.Exists(bsroot.Description))
        {
            return (null, ExitCode.Success);
        }

        var (snapshot, exitCode) = ProblemReport.Load(bsroot, bsroot.Description, error);
        return (snapshot?.Cluster, exitCode);
    }

    private static async Task<int> FetchAsync(
        ReleaseFetcher fetcher, ReleaseOrder order, TextWriter output, TextWriter error, CancellationToken cancellation)
    {
        try
        {
            var result = await ProgressDisplay.ShowAsync(output, progress => fetcher.FetchAsync(order, progress, cancellation));
            await output.WriteLineAsync($"{order.Track.Folder}: {Describe(result)}");
            return ExitCode.Success;
        }
        catch (ReleaseException refusal)
        {
            await error.WriteLineAsync($"{order.Track.Folder}: error: {refusal.Message}");
            return refusal is DiskException ? ExitCode.InputOutput : ExitCode.Unavailable;
        }
    }

    private static string Describe(FetchResult result) => result switch
    {
        { IsNew: true } => $"{result.Version} is downloaded, verified and in force",
        { HasSwitched: true } => $"{result.Version} was already here and is now in force",
        _ => $"{result.Version} is in force; there is nothing newer",
    };

    /// <summary>What was typed; <c>null</c> for what the description says.</summary>
    private sealed record Arguments(string? Channel, string? Version, string? Architecture, string? Family)
    {
        public IEnumerable<ReleaseOrder> Orders(ClusterDescription? cluster)
        {
            var os = cluster?.Os ?? new OperatingSystemSettings();
            return from channel in Channel is null ? ChannelsInUse.Of(cluster) : [Channel]
                   select Complete(ReleaseOrder.Of(os, channel), os);
        }

        private ReleaseOrder Complete(ReleaseOrder order, OperatingSystemSettings os)
        {
            var family = Family is null ? order.Track.Family : Families[Family];
            var track = order.Track with
            {
                Family = family,
                Architecture = Architecture is null ? order.Track.Architecture : Architectures[Architecture],
            };
            return order with
            {
                Track = track,
                Version = Version ?? (family == ReleaseFamilies.Of(os.Name) ? order.Version : ReleaseVersion.Current),
                Mirrors = family == ReleaseFamilies.Of(os.Name) ? order.Mirrors : [],
            };
        }
    }
}
