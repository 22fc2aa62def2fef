using Bootstrapper.Cluster.Reading;

namespace Bootstrapper.Cluster.Rules;

/// <summary>What machines with Secure Boot can start.</summary>
internal static class SecureBootRules
{
    /// <summary>The live systems of the operating systems that we know have no signed kernel.</summary>
    public static IEnumerable<Problem> KernelsAreSigned(Draft draft) =>
        (from node in draft.Nodes.Select(node => node.Whole).OfType<Section>()
         let flag = node.Given(TraitKeys.SecureBoot) ?? node.Given(ClusterKeys.SecureBoot)
         where flag is { Value: true } && !node.Has(TraitKeys.Boot)
         select flag.Error($"the kernel of {NameOf(draft)}'s live system is not signed, and no machine with Secure Boot starts "
             + "it: name a kernel that Debian signed in boot, or leave secure_boot out (docs/secure-boot.md)"))
        .Concat(OfUnknownMachines(draft));

    /// <summary>Neither iPXE nor pxelinux is signed.</summary>
    public static IEnumerable<Problem> LoadersAreSigned(Draft draft) =>
        draft.Profiles.Concat(draft.Nodes.Select(node => node.Whole).OfType<Section>())
            .Select(traits => (Flag: traits.Given(TraitKeys.SecureBoot), Loader: traits.Given(TraitKeys.BootLoader)))
            .Append((Flag: draft.Cluster.Given(ClusterKeys.SecureBoot), Loader: draft.Cluster.Given(ClusterKeys.BootLoader)))
            .Where(said => said.Flag is { Value: true } && said.Loader is { Value: not BootLoader.Auto })
            .Select(said => said.Loader!.Error(
                "with secure_boot machines load the signed shim and GRUB, and nothing else: leave boot_loader out"));

    private static IEnumerable<Problem> OfUnknownMachines(Draft draft)
    {
        if (draft.Cluster.Given(ClusterKeys.SecureBoot) is { Value: true }
            && draft.Cluster.Given(ClusterKeys.UnknownNodes) is { Value: not UnknownNodes.Ignore } welcome)
        {
            yield return welcome.Error($"unknown machines would boot {NameOf(draft)}'s live system, whose kernel is not signed, "
                + "and secure_boot holds for them, too: say ignore, or say secure_boot in profiles and nodes only");
        }
    }

    private static string NameOf(Draft draft) => $"{draft.Cluster.Value(OperatingSystemKeys.Name)}";
}
