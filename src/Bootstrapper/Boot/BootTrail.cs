using System.Collections.Immutable;
using System.Globalization;
using Bootstrapper.Model;

namespace Bootstrapper.Boot;

/// <summary>What one machine went through since it last got anywhere: what it was told, and what never arrived. Pure.</summary>
internal sealed record BootTrail(ImmutableList<DateTimeOffset> Told, ImmutableDictionary<string, DateTimeOffset> BrokenOff)
{
    /// <summary>The same script for the fifth time in <see cref="Window"/> is none: a machine that boots at all has reported by then.</summary>
    public const int MostAnswers = 4;

    public static readonly TimeSpan Window = TimeSpan.FromMinutes(10);

    public static readonly BootTrail Empty = new([], ImmutableDictionary.Create<string, DateTimeOffset>(StringComparer.Ordinal));

    public BootTrail Tell(DateTimeOffset now) => this with { Told = Told.RemoveAll(time => now - time >= Window).Add(now) };

    public BootTrail BreakOff(string file, DateTimeOffset now) => this with { BrokenOff = BrokenOff.SetItem(file, now) };

    /// <summary>Firmware asks twice where an answer is lost: the transfer that it left alone breaks off later, or has already.</summary>
    public BootTrail GetThrough(string file) => this with { BrokenOff = BrokenOff.Remove(file) };

    public Hold? HoldAt(DateTimeOffset now) => OfTransfer(now) ?? OfLoop(now);

    private Hold? OfTransfer(DateTimeOffset now) => BrokenOff.Where(file => now - file.Value < Window).OrderBy(file => file.Value).Select(file => new Hold(
        $"{file.Key} did not get through to it over TFTP, it stopped answering at {Clock(file.Value)}",
        "Look at the cable, the switch port and firewalls; with boot_loader: auto the file goes over HTTP",
        file.Value + Window)).FirstOrDefault();

    private Hold? OfLoop(DateTimeOffset now) => Told.Count >= MostAnswers && now - Told[^MostAnswers] < Window
        ? new Hold(
            $"it was told what to boot {MostAnswers} times in {Window.TotalMinutes:F0} minutes and came no further",
            $"Look at what it showed each time; from {Clock(Told[^MostAnswers] + Window)} on it is told again",
            Told[^MostAnswers] + Window)
        : null;

    private static string Clock(DateTimeOffset time) => time.UtcDateTime.ToString("HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
