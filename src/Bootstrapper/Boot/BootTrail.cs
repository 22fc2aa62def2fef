using System.Collections.Immutable;
using System.Globalization;
using Bootstrapper.Model;

namespace Bootstrapper.Boot;

/// <summary>What one machine went through since it last got anywhere: what it was told, and what never arrived. Pure.</summary>
internal sealed record BootTrail(ImmutableList<DateTimeOffset> Told, ImmutableDictionary<string, DateTimeOffset> BrokenOff)
{
    /// <summary>What its loader was told last, where that was to wait.</summary>
    public Wait? ToldToWait { get; private init; }

    /// <summary>When anything was heard of it.</summary>
    public DateTimeOffset LastHeard { get; init; }

    private (BootHardware Hardware, DateTimeOffset At) Said { get; init; } = (BootHardware.Unknown, DateTimeOffset.MinValue);

    private (string? Kernel, DateTimeOffset At, bool Again) Unstartable { get; init; }

    /// <summary>
    /// The same script for the fifth time in <see cref="Window"/> is none: a machine that boots at all has reported by then.
    /// </summary>
    public const int MostAnswers = 4;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    public static readonly BootTrail Empty = new([], ImmutableDictionary.Create<string, DateTimeOffset>(StringComparer.Ordinal));

    public BootTrail Tell(DateTimeOffset now) =>
        this with { Told = Told.RemoveAll(time => now - time >= Window).Add(now), ToldToWait = null };

    public BootTrail TellToWait(Wait wait) => this with { ToldToWait = wait };

    public BootTrail Hear(BootHardware hardware, DateTimeOffset now) =>
        hardware == BootHardware.Unknown ? this : this with { Said = (hardware.Over(HardwareAt(now)), now) };

    /// <summary>
    /// Nobody puts another processor into a machine within <see cref="Window"/>; memory may be added after that.
    /// </summary>
    public BootHardware HardwareAt(DateTimeOffset now) => now - Said.At < Window ? Said.Hardware : BootHardware.Unknown;

    public BootTrail BreakOff(string file, DateTimeOffset now) => this with { BrokenOff = BrokenOff.SetItem(file, now) };

    /// <summary>
    /// Firmware asks twice where an answer is lost: the transfer that it left alone breaks off later, or has already.
    /// </summary>
    public BootTrail GetThrough(string file) => this with { BrokenOff = BrokenOff.Remove(file) };

    /// <summary>The first time another loader is given to it; one that cannot either makes it wait.</summary>
    public BootTrail CannotStart(string kernel, DateTimeOffset now) => this with
    {
        Unstartable = (kernel, now, Again: Unstartable.Kernel == kernel && now - Unstartable.At < Window),
    };

    /// <summary>Whether nothing follows from it any more: a machine that is told to wait asks again before that.</summary>
    public bool IsOver(DateTimeOffset now) => now - LastHeard >= Window + Wait.Pause;

    public Wait? WaitAt(DateTimeOffset now) => OfTransfer(now) ?? OfKernel(now) ?? OfLoop(now);

    private Wait? OfKernel(DateTimeOffset now) =>
        Unstartable is { Kernel: { } kernel, Again: true } && now - Unstartable.At < Window
        ? Unstarted(kernel, Unstartable.At)
        : null;

    /// <summary>Why a machine waits that could not start a kernel.</summary>
    public static Wait Unstarted(string kernel, DateTimeOffset at) => new(
        $"its iPXE cannot start {kernel} (Exec format error)",
        "See that this is a kernel for its processor; else boot it with another iPXE, such as undionly.kpxe",
        at + Window);

    private Wait? OfTransfer(DateTimeOffset now) =>
        BrokenOff.Where(file => now - file.Value < Window).OrderBy(file => file.Value).Select(file => new Wait(
            $"{file.Key} could not be sent to it over TFTP, it stopped answering at {Clock(file.Value)}",
            "Check the cable, the switch port and firewalls; with boot_loader: auto the file goes over HTTP",
            file.Value + Window)).FirstOrDefault();

    private Wait? OfLoop(DateTimeOffset now) => Told.Count >= MostAnswers && now - Told[^MostAnswers] < Window
        ? new Wait(
            $"it was told what to boot {MostAnswers} times in {Window.TotalMinutes:F0} minutes and made no progress",
            $"Look at its screen; from {Clock(Told[^MostAnswers] + Window)} on it gets an answer again",
            Told[^MostAnswers] + Window)
        : null;

    private static string Clock(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
