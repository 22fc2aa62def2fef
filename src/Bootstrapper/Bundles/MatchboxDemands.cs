using Bootstrapper.Cluster;
using Bootstrapper.Matchbox;
using Bootstrapper.Matchbox.GoTemplates;
using Bootstrapper.Model;
using Bootstrapper.Rendering;

namespace Bootstrapper.Bundles;

/// <summary>
/// What a matchbox directory makes machines ask for: the kernels and RAM disks of its profiles, and whatever its configs name.
/// </summary>
/// <param name="Problems">What is wrong with the directory itself, a file that is missing in it among others.</param>
internal sealed record MatchboxDemands(IReadOnlyList<Demand> All, IReadOnlyList<string> Problems)
{
    private static readonly Dictionary<string, object?> NoValues = new(StringComparer.Ordinal);

    public static MatchboxDemands Of(ClusterDescription cluster, IContent content) =>
        Of(cluster, MatchboxReader.Read(new MatchboxTree(Names(content), file => Read(content, file))));

    public static MatchboxDemands Of(ClusterDescription cluster, MatchboxReading reading)
    {
        var texts = new TextDemands(new Hosts(cluster));
        return new MatchboxDemands(
            reading.Directory is { } directory ? [.. Of(directory, texts)] : [],
            [.. reading.Problems.Where(problem => problem.Severity == Severity.Error)
                .Select(problem => problem.Format(BundlePath.Description))]);
    }

    /// <summary>Of each group, each profile that none has yet, and the files of bootcfg's first store.</summary>
    private static IEnumerable<Demand> Of(MatchboxDirectory directory, TextDemands texts) =>
        directory.Groups.SelectMany(group => Of(group.Profile, $"group {group.Id}", group.Variables(request: null), texts))
            .Concat(directory.Profiles.Except(directory.Groups.Select(group => group.Profile))
                .SelectMany(profile => Of(profile, "no group", NoValues, texts)))
            .Concat(directory.Store.Boots.SelectMany(boot =>
                Of(boot.Value, new Claim(boot.Key, $"{BundlePath.Matchbox}boot/{boot.Key}"), texts)))
            .Concat(directory.Store.Clouds.SelectMany(cloud =>
                texts.Of(cloud.Value, new Claim(cloud.Key, $"{BundlePath.Matchbox}cloud/{cloud.Key}"))));

    private static IEnumerable<Demand> Of(
        MachineProfile profile, string who, IReadOnlyDictionary<string, object?> values, TextDemands texts) =>
    [
        .. profile.Boot is { } boot ? Of(boot, new Claim(who, $"{BundlePath.Matchbox}profiles/{profile.Id}.json"), texts) : [],
        .. from config in profile.Configs
           from text in Texts(config, values)
           from demand in texts.Of(text, new Claim(who, config.File))
           select demand,
    ];

    /// <summary>A path is one of ours, for iPXE and GRUB had their script from us.</summary>
    private static IEnumerable<Demand> Of(NetBoot boot, Claim by, TextDemands texts) =>
        boot.Initrd.Prepend(boot.Kernel).Select(named => named.Split(' ')[^1]) // before it, iPXE may be told how to call it
            .SelectMany(named => named.Contains("://", StringComparison.Ordinal)
                ? texts.Of(named, by)
                : TextDemands.OfFile(NamedUrl.OfPath(named), by))
            .Concat(boot.Args.SelectMany(argument => texts.Of(argument, by)));

    /// <summary>What hangs on the request, or on values that a group gives, is known as it is written.</summary>
    private static IEnumerable<string> Texts(MachineConfig config, IReadOnlyDictionary<string, object?> values)
    {
        try
        {
            var text = config.Render(values);
            return text.StartsWith('{') ? IgnitionTexts.Of(text) : [text];
        }
        catch (Exception e) when (e is RequestNeededException or RenderingException)
        {
            return [config.Source];
        }
    }

    /// <summary>Links by their own names, and what lies below those to directories.</summary>
    private static IEnumerable<string> Names(IContent content)
    {
        var served = new ServedFiles(content);
        return content.Files.Concat(
            from link in content.Links.Keys
            let target = served.Resolve(link).Path
            from file in content.Files
            where file == target || file.StartsWith($"{target}/", StringComparison.Ordinal)
            select link + file[target.Length..]);
    }

    private static string Read(IContent content, string file) =>
        content.ReadText(new ServedFiles(content).Resolve(file).Path) ?? throw new IOException("it cannot be read");
}
