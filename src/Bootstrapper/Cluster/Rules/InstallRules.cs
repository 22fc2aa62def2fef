using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster.Rules;

/// <summary>How machines are installed, and what an operator should know before they are.</summary>
internal static class InstallRules
{
    public static IEnumerable<Problem> RawInstallationHasAnImage(Draft draft)
    {
        if (draft.Cluster.Get(OsKeys.InstallMethod) is { Value: InstallMethod.Raw } method && !draft.Cluster.Has(OsKeys.Image))
        {
            yield return method.Error("raw needs os.image with path and sha256");
        }
    }

    public static IEnumerable<Problem> ImageIsUsed(Draft draft)
    {
        if (draft.Cluster.Get(OsKeys.InstallMethod) is { Value: InstallMethod.FlatcarInstall }
            && draft.Cluster.Given(ImageKeys.Path) is { } path)
        {
            yield return Problem.Warning("os.image", "is ignored: only install_method: raw uses it") with { Position = path.At };
        }
    }

    /// <summary>A raw image is written as it is; who wants it packed with zstd names one that is.</summary>
    public static IEnumerable<Problem> TranscodingIsUsed(Draft draft)
    {
        if (draft.Cluster.Get(OsKeys.InstallMethod) is { Value: InstallMethod.Raw }
            && draft.Cluster.Get(OsKeys.Transcode) is { Value: not Transcoding.None } transcoding)
        {
            yield return transcoding.Warning(
                "is ignored: install_method: raw writes os.image as it is; name an image that is packed with zstd (.zst)");
        }
    }

    /// <summary>The vendor's installer downloads by itself.</summary>
    public static IEnumerable<Problem> FanOutIsUsed(Draft draft) =>
        draft.Cluster.Get(OsKeys.InstallMethod) is { Value: InstallMethod.Raw } ? [] :
            from flag in EachTraits(draft).Select(traits => traits.Given(TraitKeys.FanOut))
                .Append(draft.Cluster.Given(ClusterKeys.FanOut))
            where flag is { Value: true }
            select flag.Warning("is ignored: only os.image is passed on, with os.install_method: raw");

    public static IEnumerable<Problem> DisksCanBeFound(Draft draft) =>
        EachTraits(draft).Select(traits => traits.Inner(TraitKeys.InstallDisk)).OfType<Section>().SelectMany(Objections);

    /// <summary>udev rules of an operator's own give disks whatever names they like.</summary>
    public static IEnumerable<Problem> DisksHaveUsualNames(Draft draft) =>
        from traits in EachTraits(draft)
        let disk = traits.Given(TraitKeys.InstallDisk)
        where disk is not null
        let doubt = DiskSyntax.Doubt(disk.Value)
        where doubt is not null
        select disk.Warning($"{disk.Value} {doubt}");

    private static IEnumerable<Section> EachTraits(Draft draft) =>
        draft.Profiles.Concat(draft.Nodes.Select(node => node.Own));

    private static IEnumerable<Problem> Objections(Section disk)
    {
        if (!DiskKeys.Marks.Any(disk.Has))
        {
            yield return disk.Error(
                $"has no mark of a disk: expected one of {string.Join(", ", DiskKeys.Marks.Select(key => key.Name))}");
        }

        if (new DiskSelector(disk) is { MinSize: var min, MaxSize: { } max } && max < (min ?? DiskSelector.UsualMinSize))
        {
            yield return disk.Error("no disk has this size: max_size is less than min_size"
                + (min is null ? $", which is {DiskKeys.MinSize.Default} by default" : ""));
        }
    }

    /// <summary>Who says when machines may restart wants them to.</summary>
    public static IEnumerable<Problem> RestartsComeAbout(Draft draft)
    {
        var strategy = draft.Cluster.Get(CoreOsKeys.RebootStrategy);
        if (strategy is { Value: CoreOsKeys.EtcdLock })
        {
            yield return strategy.Warning(
                $"{CoreOsKeys.WhatEtcdLockDoes}. Set off, or reboot with start_time and time_length");
        }
        else if (strategy is { Value: CoreOsKeys.Off } && draft.Cluster.Given(CoreOsKeys.StartTime) is { } window)
        {
            yield return window.Warning(CoreOsKeys.NoEffect);
        }
    }

    /// <summary>Begin and length say nothing without each other.</summary>
    public static IEnumerable<Problem> TimesOfRestartsAreWhole(Draft draft) =>
        (draft.Cluster.Has(CoreOsKeys.StartTime), draft.Cluster.Has(CoreOsKeys.TimeLength)) switch
        {
            (false, true) => [draft.Cluster.Missing(CoreOsKeys.StartTime)],
            (true, false) => [draft.Cluster.Missing(CoreOsKeys.TimeLength)],
            _ => [],
        };

    public static IEnumerable<Problem> SecretsAreGuarded(Draft draft)
    {
        var policy = draft.Cluster.Get(ClusterKeys.Secrets);
        if (policy is { Value: SecretsPolicy.Open } secrets)
        {
            yield return secrets.Warning("anyone on the network can fetch every machine's private keys");
        }
        else if (policy is { Value: SecretsPolicy.Address } address)
        {
            yield return address.Warning("whoever takes a machine's address while it installs can fetch its private keys");
        }
    }
}
