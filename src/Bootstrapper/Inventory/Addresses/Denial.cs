namespace Bootstrapper.Inventory.Addresses;

/// <summary>Why a machine is not given what it asks for.</summary>
/// <param name="IsPassing">
/// Nothing is wrong with the machine: it may get it when it asks again in a moment, over a new connection.
/// </param>
internal sealed record Denial(string Reason, bool IsPassing = false);
