using Bootstrapper.Cluster.Keys;
using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster.Rules;

/// <summary>How machines are installed, and what an operator should know before they are.</summary>
internal static class InstallRules
{
    public static IEnumerable<Problem> RawInstallationHasAnImage(Draft draft)
    {
        if (draft.Os is { InstallMethod: { Value: InstallMethod.Raw } method, Image: null })
        {
            yield return method.Error("raw needs os.image with path and sha256");
        }
    }

    public static IEnumerable<Problem> ImageIsUsed(Draft draft)
    {
        if (draft.Os is { InstallMethod.Value: InstallMethod.FlatcarInstall, Image.Path: { } path })
        {
            yield return Problem.Warning("os.image", "is ignored: only install_method: raw uses it") with { Position = path.At };
        }
    }

    /// <summary>A raw image is written as it is; who wants it packed with zstd names one that is.</summary>
    public static IEnumerable<Problem> TranscodingIsUsed(Draft draft)
    {
        if (draft.Os is { InstallMethod.Value: InstallMethod.Raw, Transcoding: { Value: not Transcoding.None } transcoding })
        {
            yield return transcoding.Warning(
                "is ignored: install_method: raw writes os.image as it is; name an image that is packed with zstd (.zst)");
        }
    }

    public static IEnumerable<Problem> DisksCanBeFound(Draft draft) =>
        draft.Profiles.Select(profile => profile.Traits).Concat(draft.Nodes.Select(node => node.Traits))
            .Select(traits => traits.InstallDisk).OfType<DiskDraft>()
            .SelectMany(disk => disk.Selector is { } selector ? Objections(selector, disk.HasNoMarks) : []);

    private static IEnumerable<Problem> Objections(Stated<DiskSelector> disk, bool hasNoMarks)
    {
        if (hasNoMarks)
        {
            yield return disk.Error(
                $"has no mark of a disk: expected one of {string.Join(", ", DiskKeys.All.Keys.Select(key => key.Name))}");
        }

        if (disk.Value is { MinSize: var min, MaxSize: { } max } && max < (min ?? DiskSelector.UsualMinSize))
        {
            yield return disk.Error("no disk has this size: max_size is less than min_size, or than its default");
        }
    }

    /// <summary>Who says when machines may restart wants them to.</summary>
    public static IEnumerable<Problem> RestartsComeAbout(Draft draft)
    {
        if (draft.Os.RebootStrategy is { Value: CoreOsKeys.EtcdLock } strategy)
        {
            yield return strategy.Warning(
                $"{CoreOsKeys.WhatEtcdLockDoes}. Set off, or reboot with start_time and time_length");
        }
        else if (draft.Os is { RebootStrategy.Value: CoreOsKeys.Off, WindowStart: { } window })
        {
            yield return window.Warning(CoreOsKeys.NoEffect);
        }
    }

    public static IEnumerable<Problem> SecretsAreGuarded(Draft draft)
    {
        if (draft.Secrets is { Value: SecretsPolicy.Open } secrets)
        {
            yield return secrets.Warning("anyone on the network can fetch every machine's private keys");
        }
        else if (draft.Secrets is { Value: SecretsPolicy.Address } address)
        {
            yield return address.Warning("whoever takes a machine's address while it installs can fetch its private keys");
        }
    }
}
