@any_database
Feature: Whoever writes an adapter can prove it
  A suite of checks makes stores with the adapter's own library, drives the whole product through the adapter,
  and asks the library what became of it. Each check is seen to fail on an adapter that is broken.

  @sqlite_only
  Rule: What the example of the documentation does is what is asked of an adapter

    Scenario: It passes every check
      When I prove the example's adapter
      Then it exits with 0
      And every check passes
      And the answer says "0 failed, 0 not applicable"

    Scenario: One check alone
      When I prove the example's adapter with parlour_maker:ParlourMaker --only rehearsal
      Then it exits with 0
      And the answer says "ok      a rehearsal changes nothing"
      And the answer says "1 passed, 0 failed"

    Scenario: Naming the checks
      When I prove the example's adapter with parlour_maker:MAKER --list
      Then it exits with 0
      And the answer says "a restore overwrites nothing"

    Scenario Outline: What fails is told in one line: <words>
      When I prove the example's adapter with support.broken_maker:MAKER --only <words>
      Then it exits with <code>
      And the answer says "<told>"
      And the error does not say "Traceback"

      Examples:
        | words   | code | told                                                                             |
        | ages    | 1    | FAILED  it tells ages: 'stale 1' was last accessed 40 days                       |
        | version | 1    | FAILED  a version changes with its session: RuntimeError: the library is closed, and |
        | dangles | 0    | none    what dangles goes when it is old enough: Nothing of it can dangle.       |
        | edited  | 0    | none    what is edited after its copy is kept: Nobody can edit a session of it.  |

    Scenario: Where a failure came from
      When I prove the example's adapter with support.broken_maker:MAKER --only version --traceback
      Then it exits with 1
      And the answer says "0 passed, 1 failed, 0 not applicable"
      And the error says "RuntimeError: the library is closed,"

    Scenario Outline: Words that lead nowhere: <words>
      When I prove the example's adapter with <words>
      Then it exits with 2
      And the error says "<why>"
      And the error does not say "Traceback"

      Examples:
        | words                                | why                             |
        | parlour_maker                        | write MODULE:MAKER              |
        | parlour_maker:NOBODY                 | has no attribute 'NOBODY'       |
        | no_such_module:MAKER                 | No module named                 |
        | parlour_maker:KIND                   | KIND is no Maker                |
        | parlour_maker:MAKER --only nonsense  | no check is called 'nonsense'   |

  @sqlite_only
  Rule: No check passes whatever the adapter does

    Scenario: Each check has an adapter that fails it
      Then each check has an adapter that fails it

    Scenario Outline: It <defect>
      When the adapter <defect>, and the check "<name>" is run
      Then it fails, because "<why>"

      Examples: What it tells
        | defect                                      | name                                         | why                                       |
        | says nothing of what is empty               | it says what it recognised                   | leaves emptiness blank                    |
        | makes a store where there is none           | it finds nothing where nothing is            | raised no StoreNotRecognisedError         |
        | takes any tables for its own                | it refuses what it does not know             | raised no StoreNotRecognisedError         |
        | overlooks some                              | it names each session that its library lists | is missing                                |
        | takes its times for those of another zone   | it tells ages                                | was last accessed 40 days                 |
        | counts the session itself as a message      | it tells what is empty                       | is empty, and has messages                |
        | tells another age at each look              | the policy selects what the rules say        | selects                                   |
        | makes the index that it would like to have  | a look changes nothing                       | a look changed a file of the store        |
        | has one version for ever                    | a version changes with its session           | has a message more, and the same version  |
        | finds nobody                                | it tells who is there                        | are missing                               |
        | knows none                                  | it knows its own files                       | owns() is false of its own talks.db       |

      Examples: Purges
        | defect                                                | name                                            | why                                      |
        | leaves the messages                                   | a purge takes exactly what was selected         | is left                                  |
        | takes all that is old along                           | a purge of named sessions takes no other        | are missing                              |
        | takes all that is old along                           | a purge that is stopped between chunks is exact | counts other sessions than went          |
        | takes all that is old along                           | a plan never takes one more                     | is missing                               |
        | commits it                                            | a rehearsal changes nothing                     | a rehearsal changed what its library tells |
        | looks what the versions are instead of comparing them | what is used after the choice is kept           | is not told as skipped                   |
        | deletes it as it is by then                           | what is used after its copy is kept             | what deleting() skips                    |
        | compares nothing but counts                           | what is edited after its copy is kept           | what deleting() skips                    |
        | commits before it says what it did                    | an error in the middle rolls all back           | something is gone                        |
        | does not hear it                                      | a run can be stopped                            | raised no CleverAgentsError              |
        | can copy only once                                    | a purge in chunks comes to its end              | counts other sessions than went          |
        | does not look how old it is                           | what dangles goes when it is old enough         | a scan counts other than the old         |

      Examples: Restores
        | defect                          | name                             | why                                     |
        | loses the last message          | a restore gives back what was    | was [                                   |
        | brings all back                 | one session comes back alone     | are too many                            |
        | makes room for what comes back  | a restore overwrites nothing     | counts other sessions than came back    |
        | can restore only once           | a second purge can be undone too | and is None                             |
