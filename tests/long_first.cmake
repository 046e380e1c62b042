# The unit tests that take longest begin first, so that none of them runs on alone when all others have ended.
foreach(name
    "Every rule resumes at each of 200 steps, bit for bit"
    "The digest of all rules"
    "The digest of the rules that PyTorch does not have"
    "The digest of the rules that find their rate")
  set_tests_properties("${name}" PROPERTIES COST 100)
endforeach()
