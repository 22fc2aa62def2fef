namespace Bootstrapper.Boot.Diagnosis;

/// <summary>One way in which machines get stuck.</summary>
/// <param name="Name">Such as <c>no-offer</c>, by which docs and alerts call it.</param>
/// <param name="Explain">Why, in a sentence; <c>null</c> when it is not this.</param>
/// <param name="Remedy">What to do about it.</param>
internal sealed record StuckRule(string Name, Func<Situation, string?> Explain, string Remedy);

/// <summary>Why a machine is stuck.</summary>
/// <param name="Rule">The name of the rule that says so.</param>
internal sealed record StuckReason(string Rule, string Reason, string Remedy);
