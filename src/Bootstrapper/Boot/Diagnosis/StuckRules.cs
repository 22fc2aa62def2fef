using System.Globalization;
using Bootstrapper.Inventory.Records;
using Bootstrapper.Inventory.Timelines;
using Bootstrapper.Power;

namespace Bootstrapper.Boot.Diagnosis;

/// <summary>
/// Why a machine is stuck, from what was seen of it. Each rule stands for another last step, so that at most one of them
/// speaks; beside it one of those by which its BMC tells of it.
/// </summary>
internal static class StuckRules
{
    /// <summary>The rule of machines that nobody has switched on, it may be.</summary>
    public const string NoRequest = "no-request";

    /// <summary>Firmware asks every few seconds; a server takes minutes to get there.</summary>
    private static readonly TimeSpan Negotiation = TimeSpan.FromSeconds(30),
        PowerOn = TimeSpan.FromMinutes(5), NextFile = TimeSpan.FromMinutes(1);

    /// <summary>Over TFTP, where a file is told only when it is there.</summary>
    private static readonly TimeSpan LargeFile = TimeSpan.FromMinutes(10);

    /// <summary>For a kubelet that fetches its programs and images first.</summary>
    private static readonly TimeSpan FirstPod = TimeSpan.FromMinutes(10);

    public static readonly IReadOnlyList<StuckRule> All =
    [
        new("switched-off",
            machine => machine.Power is { State: PowerState.Off } ? new("it is switched off, as its BMC says") : null,
            "bootstrapper node power on switches it on; so does bootstrapper node reinstall --now, which has it boot from the "
                + "network and be installed."),
        new("bmc-silent",
            machine => NoWord(machine, PowerFailure.Silent, "its BMC does not answer: it may be off or on"),
            "Is the BMC's cable in, and is it reached from the bootstrapper's host? A BMC that hangs: take the machine's power "
                + "away for a minute."),
        new("bmc-login",
            machine => NoWord(machine, PowerFailure.NotLetIn, "its BMC refuses the user or the password"),
            "Correct user or password_file of bmc in the description, or set the password at the BMC."),
        new("bmc-refuses",
            machine => NoWord(machine, PowerFailure.Refused, "its BMC refuses to say whether it is switched on"),
            "What it says stands above: bootstrapper node power status asks it again."),
        new("bmc-not-asked",
            machine => NoWord(machine, PowerFailure.NotDescribed, "its BMC cannot be asked whether it is switched on"),
            "Put the file that stands above right: what bmc names in the description is in the data root."),
        new(NoRequest,
            machine => machine.Power?.State is null ? NotAsked(machine, isOn: false) : null,
            "Is it switched on, was it restarted, does its firmware boot from the network, is the cable in the right network, "
                + "and is this MAC address the card that boots?"),
        new("no-request-while-on",
            machine => machine.Power is { State: PowerState.On } ? NotAsked(machine, isOn: true) : null,
            "It was not restarted since, or its firmware does not boot from the network: bootstrapper node boot network --once, "
                + "then bootstrapper node power cycle. Otherwise: is the cable in the right network, and is this MAC address "
                + "the card that boots?"),
        new("no-offer",
            machine => Stuck(machine, BootStage.Asked, Negotiation, "it asks for an address and is offered none"),
            "Are there addresses left between iplow and iphigh (bootstrapper lease list)? Its timeline (bootstrapper node log) "
                + "says why it is not answered; with dhcp: proxy or off the other server must answer."),
        new("offer-not-taken",
            machine => Stuck(machine, BootStage.Offered, Negotiation, "it was offered an address and did not take it"),
            "Most likely another DHCP server was faster: find it and switch it off, or set dhcp: proxy. "
                + "Otherwise the offer does not reach the machine: check the switch port and its VLAN."),
        new("no-loader",
            machine => Stuck(machine, BootStage.Addressed, NextFile, $"it has an address and has not loaded a boot loader"),
            "Is that file there (bootstrapper status)? Does a firewall block TFTP (69/udp)? With another DHCP server: "
                + "does it name our boot loader?"),
        new("loader-stops",
            machine => Stuck(machine, BootStage.Loader, NextFile, "it loaded its boot loader, which made no request"),
            "The boot loader does not run there: it is for another kind of firmware or processor, or Secure Boot refuses it. "
                + "Say secure_boot: y (docs/secure-boot.md) or switch Secure Boot off, or choose another boot loader."),
        new("shim-refused",
            machine => Refused(machine, ChainLink.Shim, "its firmware does not start shim, which it was sent"),
            "bootstrapper check says whether tftpboot/shimx64.efi is as Microsoft signed it: if not, docker/secure-boot.sh "
                + "fetches it again. If it is: switch on Microsoft's third-party UEFI certificate in the firmware's settings; or "
                + "this shim is revoked there (SBAT, dbx): take newer packages shim-signed and grub-efi-amd64-signed."),
        new("no-grub",
            machine => Refused(machine, ChainLink.ShimStarted, "shim runs there, and was sent no grubx64.efi"),
            "Is tftpboot/grubx64.efi there (bootstrapper check)? It is in Debian 13's package grub-efi-amd64-signed; "
                + "docker/secure-boot.sh fetches it."),
        new("grub-refused",
            machine => Refused(machine, ChainLink.Grub, "shim does not start GRUB, which it was sent"),
            "bootstrapper check says whether tftpboot/grubx64.efi is as Debian signed it, and whether this shim trusts that: if "
                + "not, docker/secure-boot.sh fetches both again. If it is, it is revoked there (SBAT): take newer packages "
                + "shim-signed and grub-efi-amd64-signed."),
        new("kernel-refused",
            machine => Refused(machine, ChainLink.Kernel, "shim does not let GRUB start the kernel, which it was sent"),
            "bootstrapper check says whether the kernel that boot names is signed, is as it was signed, and is trusted by this "
                + "shim: take Debian's linux-image-amd64, of a release whose shim this is. The screen says bad shim signature; "
                + "if it says something else, the kernel is not for this machine, or does not fit into its memory."),
        new("uki-refused",
            machine => Refused(machine, ChainLink.Image, "its firmware does not start uki.efi, which it was sent"),
            "bootstrapper check says whether tftpboot/uki.efi is as secureboot/db.key signed it: if not, docker/uki.sh makes it "
                + "again. If it is: is db.crt among the certificates (db) of this machine's firmware (docs/secure-boot.md)? "
                + "Where the console has lines that begin with live:, it was started, and they say what keeps it."),
        new("no-kernel",
            machine => Stuck(machine, BootStage.Script, LargeFile, "it was told what to boot, and loaded no kernel"),
            "Are the release's files under www/ (bootstrapper status)? Does the machine print an error? A large file over "
                + "TFTP takes minutes."),
        new("live-system-silent",
            machine => Stuck(machine, BootStage.Kernel, LargeFile, "it loaded the kernel, and its live system made no request"),
            "The live system has no driver for the network card, no link or no address there, "
                + "or too little memory (3 GB for Flatcar): look at its console."),
        new("install-failed",
            machine =>
                machine.Record is { State: NodeState.Failed, FailedWhile: NodeState.Configured or NodeState.Installing } record
                    ? new(record.Message ?? "install.sh gave no reason")
                    : null,
            "Fix the cause, and restart the machine: it tries again. After five tries: bootstrapper node reinstall. "
                + "A disk that holds foreign data needs wipe: true, or reinstall --wipe."),
        new("disk-refused",
            machine => machine.Signed is not null && ComesBack(machine)
                ? new("it was installed, and comes back from its disk again and again: most likely Secure Boot refuses that")
                : null,
            "What it starts from its disk must be signed, too: an image with its distribution's shim (docs/secure-boot.md). If "
                + "it is: put the disk before the network in the firmware's boot order, and look at the console."),
        new("boot-order",
            machine => machine.Signed is null && ComesBack(machine)
                ? new("it was installed, and boots from the network again and again")
                : null,
            "Each time it is told to boot from its disk. Put the disk before the network in the firmware's boot order; "
                + "and check on the console that the disk boots."),
        new("system-failed",
            machine => machine.Record is { State: NodeState.Failed, FailedWhile: NodeState.Installed or NodeState.Running } record
                ? new($"the installed system: {record.Message ?? "no reason given"}")
                : null,
            "Look at its console. It is not installed again by itself: bootstrapper node reinstall does that."),
        new("record-lost",
            machine => machine.Record is { State: NodeState.Failed, FailedWhile: null } record
                ? new($"its state is unknown: {record.Message}")
                : null,
            "It is left alone until you say how it is: bootstrapper node reinstall, or bootstrapper node state if it runs."),
        new("kubelet-silent", KubeletSilent, "On the machine: journalctl -u kubelet -u containerd -u kubernetes-binaries. "
            + "Are all images in the registry (bootstrapper status)?"),
        new("not-ready", NotReady, "On the machine: journalctl -u kubelet -u containerd. A network that is not ready: do its "
            + "pods run there (kubectl --namespace kube-system get pods -o wide)? With cni: none, apply a network of your own."),
        new("not-registered", NotRegistered, "On the machine: journalctl -u kubelet says why it does not reach the API server, "
            + "or is not let in. If somebody deleted its Node object, systemctl restart kubelet makes it again."),
        new("addons-refused", AddonsRefused, "On the machine: journalctl -u kubernetes-addons. An addon of your own is in "
            + "templates/kubernetes/ or manifests/, and on the machine in /etc/kubernetes/addons; it is tried again every five "
            + "minutes."),
    ];

    public static IReadOnlyList<StuckReason> Diagnose(Situation machine) =>
        [.. Waiting(machine), .. from rule in All
                                 let why = rule.Explain(machine)
                                 where why is not null
                                 select StuckReason.Of(rule, why)];

    /// <summary>What stands on the machine's own screen.</summary>
    private static IEnumerable<StuckReason> Waiting(Situation machine) =>
        machine.Wait is { } wait ? [new StuckReason("waiting", wait.Reason, wait.Reason, $"{wait.Remedy}.")] : [];

    /// <param name="isOn">Whether that is known.</param>
    private static Explanation? NotAsked(Situation machine, bool isOn) =>
        machine.IsAwaited && machine.Reached == BootStage.None && machine.InState >= PowerOn
            ? new(
                (machine.Record.Armed, isOn) switch
                {
                    (true, true) => "it is to be installed again, is switched on, and has not asked for an address",
                    (true, false) => "it is to be installed again, and has not asked for an address",
                    (false, true) => "it is switched on, and has not asked for an address",
                    (false, false) => "it has not asked for an address",
                },
                $" since {Time(machine.Record.Since)}")
            : null;

    private static Explanation? NoWord(Situation machine, PowerFailure failure, string cause) =>
        machine.Power is { Failure: { } why, Message: { } message } && why == failure ? new(cause, $": {message}") : null;

    private static Explanation? Refused(Situation machine, ChainLink link, string cause) =>
        ChainBreak.In(machine) is { } found && found.Link == link
            ? new(cause, $"; {Tries(found.Tries)} since {Time(found.First.At)}, last at {Time(found.Last.At)}: {found.Last.Text}")
            : null;

    private static string Tries(int number) =>
        number == 1 ? "tried once" : string.Create(CultureInfo.InvariantCulture, $"tried {number} times");

    private static bool ComesBack(Situation machine) => machine is { Record.State: NodeState.Installed, NetworkBoots: >= 2 };

    /// <summary>
    /// Where a link of a signed chain is refused that is said, or will be; and a boot before may have come further.
    /// </summary>
    private static Explanation? Stuck(Situation machine, BootStage stage, TimeSpan patience, string cause) =>
        machine.IsStuckAt(stage, patience) && !ChainBreak.MayFollow(machine)
            ? new(cause, $"; last seen at {Time(machine.LastAt(stage)!.At)}: {machine.LastAt(stage)!.Text}")
            : null;

    /// <summary>Only a system that promised to tell when its kubelet is well can be missed.</summary>
    private static Explanation? KubeletSilent(Situation machine) =>
        machine.Record.State == NodeState.Running
        && machine.Last(seen => seen.Kubelet is not null) is { } last
        && last.Kubelet != NodeReport.Healthy
        && machine.Now - last.At >= FirstPod
            ? new("it runs, and its kubelet has not been healthy", $" since {Time(last.At)}")
            : null;

    /// <summary>Where its kubelet is not healthy that has been said, and this follows from it.</summary>
    private static Explanation? NotReady(Situation machine) =>
        machine.Record.State == NodeState.Running
        && machine.Kubernetes is { Node: { IsReady: false } node }
        && KubeletSilent(machine) is null
            ? new(
                $"it runs, and Kubernetes has it for not Ready: {string.Join(": ", Told(node.Reason, node.Message))}",
                node.Since is { } since ? $"; since {Time(since)}" : "")
            : null;

    private static Explanation? NotRegistered(Situation machine) =>
        machine.Record.State == NodeState.Running
        && machine.Kubernetes is { Node: null }
        && machine.Last(seen => seen.Kubelet is not null) is not null
        && machine.InState >= FirstPod
        && KubeletSilent(machine) is null
            ? new("it runs, and Kubernetes has no Node object of it")
            : null;

    private static IEnumerable<string> Told(params string?[] words) =>
        words.OfType<string>().Where(word => word.Length > 0).DefaultIfEmpty("no reason given");

    private static Explanation? AddonsRefused(Situation machine) =>
        machine.Record.State == NodeState.Running
        && machine.Last(seen => seen.Addons is not null) is { Addons: not NodeReport.Applied } last
            ? new($"it runs, and not all of the cluster's addons were applied: {last.Addons}", $", at {Time(last.At)}")
            : null;

    private static string Time(DateTimeOffset at) =>
        at.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
