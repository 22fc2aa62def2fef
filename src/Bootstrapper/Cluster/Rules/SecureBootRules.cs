using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster.Rules;

/// <summary>What machines with Secure Boot can start.</summary>
internal static class SecureBootRules
{
    /// <summary>
    /// Who lives in memory does so in the operating system's own live system; to install, there is one of ours that is signed.
    /// </summary>
    public static IEnumerable<Problem> KernelsAreSigned(Draft draft) =>
        from node in draft.Nodes.Where(node => node.IsPxeHost)
        let flag = FlagOf(node)
        where flag is { Value: SecureBoot.Shim } && !node.Whole!.Has(TraitKeys.Boot)
        select flag.Error($"this machine lives in {draft.Cluster.Value(OperatingSystemKeys.Name)}'s live system, whose kernel is "
            + "not signed: name a kernel that Debian signed in boot, or leave secure_boot out (docs/secure-boot.md)");

    /// <summary>The vendor's installer has the vendor's key; that of the signed live system is ours, and has none.</summary>
    public static IEnumerable<Problem> ImagesCanBeVerified(Draft draft) =>
        draft.Cluster.Value(OsKeys.InstallMethod) == InstallMethod.FlatcarInstall && !draft.Cluster.Has(OsKeys.SigningKey)
            ? (from node in draft.Nodes
               let flag = FlagOf(node)
               where flag is { Value: not SecureBoot.Off } && !node.IsPxeHost
                   && IsInstalledBySigned(node.Whole!.Inner(TraitKeys.Boot))
               select flag.Error("os.signing_key is missing: the live system that is signed for Secure Boot has no key of the "
                   + "vendor's to verify the image with; put it into signing-keys/ and name it (docs/secure-boot.md)")).Take(1)
            : [];

    /// <returns>The node's own, its profile's, or the cluster's.</returns>
    private static Stated<SecureBoot>? FlagOf(NodeDraft node) =>
        node.Whole?.Given(TraitKeys.SecureBoot) ?? node.Whole?.Given(ClusterKeys.SecureBoot);

    /// <param name="boot">Where that names no live system there is ours; where it does, it may be ours with more in it.</param>
    private static bool IsInstalledBySigned(Section? boot) => boot is null
        || (!boot.Value(BootKeys.MemoryOnly) && boot.List(BootKeys.Initrd).Append(boot.Given(BootKeys.Kernel))
            .OfType<Stated<string>>().Any(file => SignedLiveSystem.Has(file.Value)));

    /// <summary>Neither iPXE nor pxelinux is signed.</summary>
    public static IEnumerable<Problem> LoadersAreSigned(Draft draft) =>
        from said in draft.Profiles.Concat(draft.Nodes.Select(node => node.Whole).OfType<Section>())
            .Select(traits => (Flag: traits.Given(TraitKeys.SecureBoot), Loader: traits.Given(TraitKeys.BootLoader)))
            .Append((Flag: draft.Cluster.Given(ClusterKeys.SecureBoot), Loader: draft.Cluster.Given(ClusterKeys.BootLoader)))
        where said.Flag is { Value: not SecureBoot.Off } && said.Loader is { Value: not BootLoader.Auto }
        select said.Loader!.Error(said.Flag.Value == SecureBoot.Uki
            ? "with secure_boot: uki machines load uki.efi, and nothing else: leave boot_loader out"
            : "with secure_boot machines load the signed shim and GRUB, and nothing else: leave boot_loader out");

    /// <summary>One image has one kernel, one initial RAM disk and one command line for all, and installs.</summary>
    public static IEnumerable<Problem> ImagesAreOneForAll(Draft draft) =>
        draft.Nodes.Where(node => FlagOf(node) is { Value: SecureBoot.Uki }).SelectMany(OnlyThatImage).Distinct();

    private static IEnumerable<Problem> OnlyThatImage(NodeDraft node)
    {
        if (node.IsPxeHost)
        {
            yield return FlagOf(node)!.Error("this machine lives in memory, and uki.efi is for machines that are installed: say "
                + "secure_boot: y with a kernel that Debian signed in boot, or n");
        }
        else if (node.Whole!.PlaceOf(TraitKeys.Boot) is { } boot)
        {
            yield return boot.Error("with secure_boot: uki a machine boots what is in uki.efi, and nothing else: leave boot out, "
                + "or say secure_boot: y");
        }

        if (node.Whole!.PlaceOf(TraitKeys.KernelArguments) is { } arguments)
        {
            yield return arguments.Warning("is ignored: uki.efi has one command line for all machines, which is signed; give the "
                + "arguments to docker/uki.sh --args");
        }
    }
}
